"""What ``sim app`` hands to Streamlit."""

from sim.app import main

if __name__ == "__main__":  # worker processes import this file too
    main()
