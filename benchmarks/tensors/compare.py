"""Runs the tensor workloads with this library, libtorch and PyTorch in turn, on one processor, and prints the ratios.

compare.py FOLDER [--json FILE] [--markdown FILE] [--rounds N] [--filter TEXT]
FOLDER has tensor_benchmark, and libtorch_benchmark if there is a libtorch. A time is the least of all rounds; the ratio is
to the quicker of libtorch and PyTorch.
"""

import argparse
import json
import os
import re
import subprocess
import sys

# A workload that a program cannot do on this machine, such as mlp_bf16 without bf16, has no time.
WORKLOADS = (
    "xor_step op_1 op_64 gelu_lambda_1e6 gelu_lambda_1e4 exp_1e4 tanh_1e4 sigmoid_1e4 softmax_rows softmax_columns "
    "layer_norm mlp_sgd mlp_adam mlp_bf16 lenet vgg mlp_hvp"
).split()
# PyTorch at its best: all vectors the processor has, one thread of each runtime.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "ATEN_CPU_CAPABILITY": "avx512"}


def output_of(command):
    """What a program prints, or nothing if it fails: a workload that it does not know."""
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode() if done.returncode == 0 else ""


def ours(folder, workload):
    text = output_of([
        f"{folder}/tensor_benchmark", f"--benchmark_filter=^tensor/{workload}/", "--benchmark_format=json",
        "--benchmark_min_time=0.2"])
    runs = json.loads(text[text.find("{"):])["benchmarks"] if "{" in text else []
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}
    return {
        run["name"].split("/", 2)[2]: run["real_time"] * units[run["time_unit"]]
        for run in runs if not run.get("error_occurred")}


def peer(variant, command):
    text = output_of(command)
    return {variant: float(text)} if text else {}


def measure(folder, workload):
    here = os.path.dirname(os.path.abspath(__file__))
    times = ours(folder, workload)
    if os.path.exists(f"{folder}/libtorch_benchmark"):
        times |= peer("libtorch", [f"{folder}/libtorch_benchmark", workload, "1"])
    return times | peer("torch", ["/usr/bin/python3", f"{here}/torch_benchmark.py", workload, "1"])


def in_words(seconds):
    for unit, factor in (("ns", 1e9), ("µs", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("--json")
    options.add_argument("--markdown")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--filter", default="")
    options = options.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    entries = []
    variants = ["ours", "replayed", "libtorch", "torch"]
    table = ["| workload | " + " | ".join(variants) + " | ratio |", "|---|" + "---|" * (len(variants) + 1)]
    print("\n".join(table))
    for workload in (w for w in WORKLOADS if re.search(options.filter, w)):
        best = {}
        for _ in range(options.rounds):
            for variant, seconds in measure(options.folder, workload).items():
                best[variant] = min(seconds, best.get(variant, seconds))
        cells = [in_words(best[v]) if v in best else "–" for v in variants]
        peers = [best[v] for v in ("libtorch", "torch") if v in best]
        ratio = f"{best['ours'] / min(peers):.3g}" if "ours" in best and peers else "–"
        table.append(f"| {workload} | {' | '.join(cells)} | {ratio} |")
        print(table[-1], flush=True)
        entries += [
            {"name": f"tensor/{workload}/{v}", "real_time": s * 1e9, "cpu_time": s * 1e9, "time_unit": "ns"}
            for v, s in best.items()]
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"benchmarks": entries}, file, indent=1)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write("\n".join(table) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
