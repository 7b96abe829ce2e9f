"""The app: streamlit run app.py (or sim app)."""

from sim.app import main

main()
