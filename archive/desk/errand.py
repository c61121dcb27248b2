"""The program that works off what people added: started by the site, which fetches nothing itself, and by a crawl at its end."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

from archive.database import open_reader
from archive.desk.additions import is_waiting
from archive.home import Home


def start(home: Home) -> None:
    """Start it beside this program, which does not wait for it; what it says goes to data/add.log, and it ends by itself."""
    with (home.data / "add.log").open("ab") as log:
        running = subprocess.Popen(  # noqa: S603  our own command line
            _command(home), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    # Somebody must take its exit code, else it stays in the list of processes as long as the site runs.
    threading.Thread(target=running.wait, daemon=True).start()


def run(home: Home, *, allow_private: bool) -> None:
    """Run it to its end where anything waits."""
    with closing(open_reader(home.archive)) as archive:
        if not is_waiting(archive):
            return
    private = ["--allow-private"] if allow_private else []
    subprocess.run([*_command(home), *private], stdin=subprocess.DEVNULL, check=False)  # noqa: S603  our own command line


def _command(home: Home) -> list[str]:
    return [sys.executable, "-m", "tamdan", "--home", str(Path(home.path).resolve()), "add", "--waiting"]
