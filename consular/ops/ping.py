"""Ask this machine's own web server whether it is ready: the health check of the container.

    python -m consular.ops.ping [PORT]

Needs no settings. It names a host of ALLOWED_HOSTS, because the service answers to no other.
"""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT = 5


def main(port: str) -> int:
    """Ends with 0 when the service is ready; otherwise says which part is not."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return 0
    except urllib.error.HTTPError as error:
        sys.stderr.write(error.read(2000).decode(errors="replace") + "\n")
    except OSError as error:
        sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "8000"))
