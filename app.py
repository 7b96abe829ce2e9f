"""The app: streamlit run app.py (or sim app)."""

from sim.app import main

if __name__ == "__main__":  # worker processes import this file too
    main()
