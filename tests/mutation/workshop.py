"""A copy of the tree in which faults are planted, so that the user's own is never touched, and its builds."""

import os
import re
import resource
import shutil
import signal
import subprocess
import time

MOST_MEMORY = 6 << 30  # bytes: a fault may ask for without end


class Workshop:
    def __init__(self, root, copy, jobs):
        self.root, self.copy, self.jobs = root, copy, jobs
        self.configured = set()

    def synchronize(self):
        """Makes the copy equal to the tree. What is equal keeps its time, so that only what changed is built again."""
        listed = subprocess.run(
            ["git", "-C", self.root, "-c", f"safe.directory={self.root}", "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], check=True, stdout=subprocess.PIPE).stdout.decode()
        names = {name for name in listed.split("\0") if name and (self.root / name).is_file()}
        for name in names:
            source, target = self.root / name, self.copy / name
            if target.is_file() and target.read_bytes() == source.read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        for folder, folders, files in os.walk(self.copy):
            if folder == str(self.copy) and "build" in folders:
                folders.remove("build")
            for file in files:
                path = os.path.join(folder, file)
                if os.path.relpath(path, self.copy) not in names:
                    os.remove(path)

    def build(self, preset, suites):
        """The compiler's complaint, or nothing, and the seconds it took."""
        start = time.monotonic()
        if preset not in self.configured:
            subprocess.run(
                ["cmake", "-S", self.copy, "--preset", preset, "-DADJOINT_BUILD_EXAMPLES=OFF"], cwd=self.copy,
                check=True, stdout=subprocess.DEVNULL)
            self.configured.add(preset)
        targets = [f"{suite}_test" for suite in suites]
        done = subprocess.run(
            ["cmake", "--build", self.copy / "build" / preset, "-j", str(self.jobs), "--target", *targets],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return (done.stdout.decode() if done.returncode else "", time.monotonic() - start)

    def program(self, preset, suite):
        return self.copy / "build" / preset / "tests" / f"{suite}_test"

    def run(self, preset, suite, limit):
        """Runs a suite for at most `limit` seconds: whether it passed, how it failed, and the seconds it took."""
        start = time.monotonic()
        folder = self.copy / "build" / preset  # to which ccache makes the paths of test data relative, if it does
        process = subprocess.Popen(
            [self.program(preset, suite), "--color_output=no"], cwd=folder, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=limit_memory if preset == "release" else None)
        try:
            output, ended = process.communicate(timeout=limit)[0], True
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, ended = process.communicate()[0], False
        how = how_it_failed(output.decode(errors="replace"), process.returncode)
        if not ended:
            how = f"no end within {limit:.0f} s" + (f", after {how}" if how != "SIGKILL" else "")
        return {"passed": process.returncode == 0, "how": how, "seconds": round(time.monotonic() - start, 2)}


def limit_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def how_it_failed(output, status):
    """The first test that failed, and how many others did; of a program that ended otherwise, how."""
    tests = list(dict.fromkeys(re.findall(r'error: in "([^"]+)"', output)))
    if tests:
        others = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
        return tests[0].split("/", 1)[-1] + others
    sanitizer = re.search(r"(?:WARNING|ERROR): (\w+Sanitizer: [\w -]+)", output)
    if sanitizer:
        return sanitizer[1].strip()
    if status < 0:
        return signal.Signals(-status).name
    return f"exit status {status}" if status else ""
