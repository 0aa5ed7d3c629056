# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions of a scratch directory, run in turn and told as TAP."""
import tempfile
import traceback


class Skip(Exception):
    """Raised by a test that cannot be made here, with the reason"""


def run_all(tests):
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as work:
            try:
                test(work)
                print(f"ok {number} {test.__name__}", flush=True)
            except Skip as why:
                print(f"ok {number} {test.__name__} # SKIP {why}", flush=True)
            except Exception:  # pylint: disable=broad-except
                print(f"not ok {number} {test.__name__}", flush=True)
                print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
