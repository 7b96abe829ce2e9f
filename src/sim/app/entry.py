"""What ``sim app`` hands to Streamlit."""

from sim.app import main

main()
