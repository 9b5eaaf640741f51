"""Runs the tensor workloads with this library, libtorch and PyTorch in turn and prints the ratios: on one processor, and
the training steps once more with two threads on two.

compare.py FOLDER [--json FILE] [--markdown FILE] [--rounds N] [--filter TEXT]
FOLDER has tensor_benchmark, and libtorch_benchmark if there is a libtorch. A time is the least of all rounds; the ratio is
to the quicker of libtorch and PyTorch. A second table has the memory of training steps.
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
# Those whose memory is compared, on one thread.
MEMORY = ("mlp_sgd", "lenet", "vgg")
RUNS = [(w, 1) for w in WORKLOADS] + [(w, 2) for w in ("mlp_sgd", "lenet", "vgg")]


def output_of(command, threads, may_fail=True):
    """What a program prints, or nothing if it may fail and does: a workload that it does not know. PyTorch is at its best
    with all vectors the processor has and as many threads in each runtime as are wanted."""
    runtimes = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **{name: str(threads) for name in runtimes}, "ATEN_CPU_CAPABILITY": "avx512"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=not may_fail)
    return done.stdout.decode() if done.returncode == 0 else ""


def in_what(folder, command):
    """Where the times come from: processor, compiler and flags, PyTorch and what measured."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    text = output_of([
        f"{folder}/tensor_benchmark", "--benchmark_filter=^tensor/op_1/", "--benchmark_format=json",
        "--benchmark_min_time=0.001"], 1)
    context = json.loads(text[text.find("{"):])["context"] if "{" in text else {}
    torch = output_of(["/usr/bin/python3", "-c", "import torch; print('PyTorch', torch.__version__)"], 1).strip()
    parts = [
        models[0] if models else "unknown processor", context.get("compiler", "unknown compiler"),
        f"`{context.get('flags', '')}`", torch or "no PyTorch", f"`{command}`"]
    return ", ".join(parts)


def ours(folder, workload, threads):
    text = output_of([
        f"{folder}/tensor_benchmark", f"--benchmark_filter=^tensor/{workload}/", "--benchmark_format=json",
        "--benchmark_min_time=0.2"], threads, may_fail=False)
    runs = json.loads(text[text.find("{"):])["benchmarks"] if "{" in text else []
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}
    found = {}
    for run in runs:
        variant, *of_threads = run["name"].removesuffix("/real_time").split("/")[2:]
        if not run.get("error_occurred") and int(of_threads[0] if of_threads else 1) == threads:
            found[variant] = run["real_time"] * units[run["time_unit"]], run.get("memory", 0)
    return found


def peer(variant, command, threads):
    text = output_of([*command, str(threads)], threads)
    return {variant: tuple(map(float, text.split()))} if text else {}


def measure(folder, workload, threads):
    """Seconds and bytes, by variant."""
    here = os.path.dirname(os.path.abspath(__file__))
    found = ours(folder, workload, threads)
    if os.path.exists(f"{folder}/libtorch_benchmark"):
        found |= peer("libtorch", [f"{folder}/libtorch_benchmark", workload], threads)
    return found | peer("torch", ["/usr/bin/python3", f"{here}/torch_benchmark.py", workload], threads)


def in_words(seconds):
    for unit, factor in (("ns", 1e9), ("µs", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def row(name, best, variants, words):
    """A row of a table, with the ratio to the better of the two peers."""
    cells = [words(best[v]) if v in best else "–" for v in variants]
    peers = [best[v] for v in ("libtorch", "torch") if v in best]
    ratio = f"{best['ours'] / min(peers):.3g}" if "ours" in best and peers else "–"
    return f"| {name} | {' | '.join(cells)} | {ratio} |"


def head(variants, first="workload"):
    return [f"| {first} | " + " | ".join(variants) + " | ratio |", "|---|" + "---|" * (len(variants) + 1)]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("--json")
    options.add_argument("--markdown")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--filter", default="")
    options = options.parse_args()
    processors = sorted(os.sched_getaffinity(0))

    entries = []
    variants = ["ours", "replayed", "libtorch", "torch"]
    table = head(variants)
    of_memory = ["ours", "libtorch", "torch"]
    memory = head(of_memory, "memory of a step")
    print("\n".join(table))
    for workload, threads in (run for run in RUNS if re.search(options.filter, run[0])):
        if threads > len(processors):
            continue
        os.sched_setaffinity(0, processors[:threads])
        best, least = {}, {}
        for _ in range(options.rounds):
            for variant, (seconds, size) in measure(options.folder, workload, threads).items():
                best[variant] = min(seconds, best.get(variant, seconds))
                least[variant] = min(size, least.get(variant, size))
        words, suffix = ("", "") if threads == 1 else (f", {threads} threads", f"/{threads}")
        table.append(row(workload + words, best, variants, in_words))
        print(table[-1], flush=True)
        if workload in MEMORY and threads == 1:
            memory.append(row(workload, least, of_memory, lambda size: f"{size / 1e6:.1f} MB"))
        entries += [
            {"name": f"tensor/{workload}/{v}{suffix}", "real_time": s * 1e9, "cpu_time": s * 1e9, "time_unit": "ns"}
            for v, s in best.items()]
    print("\n" + "\n".join(memory))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"benchmarks": entries}, file, indent=1)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write(f"{in_what(options.folder, './dev bench tensor')}, the least of {options.rounds} rounds:\n\n")
            file.write("\n".join([*table, "", *memory]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
