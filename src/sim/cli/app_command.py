"""``sim app``: open the app in a browser."""

from __future__ import annotations

import typer


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("app", epilog="Example:  sim app --port 8600")(app)


def app(
    port: int = typer.Option(8501, "--port", min=1, max=65535, help="Port on this machine."),
    browser: bool = typer.Option(True, help="Open a browser window."),
) -> None:
    """Open the app. It runs on this machine only and asks nothing of other hosts."""
    import subprocess
    import sys
    from importlib.resources import files

    entry = str(files("sim.app").joinpath("entry.py"))
    settings = {
        "server.port": port, "server.headless": str(not browser).lower(), "server.address": "localhost",
        "browser.gatherUsageStats": "false", "client.toolbarMode": "minimal", "server.maxUploadSize": 5,
    }  # fmt: skip
    flags = [f"--{name}={value}" for name, value in settings.items()]
    raise typer.Exit(subprocess.call([sys.executable, "-m", "streamlit", "run", entry, *flags]))
