"""The workloads of tensor_benchmark.cpp in PyTorch, as a Python user writes them.

torch_benchmark.py WORKLOAD THREADS prints the fastest seconds per call (per op for op_1 and op_64), and how many bytes the
process has come to need (see peak_memory.hpp).
"""

import sys
import time

import torch
import torch.nn.functional as F


def xor_step():
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
    y = torch.tensor([[0], [1], [1], [0]], dtype=torch.float64)
    hidden, output = torch.nn.Linear(2, 4).double(), torch.nn.Linear(4, 1).double()
    sgd = torch.optim.SGD([*hidden.parameters(), *output.parameters()], lr=0.5)

    def step():
        sgd.zero_grad()
        F.mse_loss(torch.sigmoid(output(torch.sigmoid(hidden(x)))), y).backward()
        sgd.step()

    return step


def op(size):
    x = torch.randn(size, dtype=torch.float64, requires_grad=True)
    factor = 1 + 1e-3 * torch.randn(size, dtype=torch.float64)
    term = 1e-3 * torch.randn(size, dtype=torch.float64)

    def step():
        y = x
        for _ in range(500):
            y = y * factor + term
        torch.autograd.grad(y.sum(), x)

    return step


def both_ways(f, *shape):
    x, y_bar = torch.randn(*shape, requires_grad=True), torch.randn(*shape)
    return lambda: torch.autograd.grad(f(x), x, y_bar)


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


def forward(f):
    x = torch.randn(10_000)
    return lambda: f(x)


def layer_norm():
    x, y_bar = torch.randn(1024, 1024, requires_grad=True), torch.randn(1024, 1024)
    scale, shift = torch.ones(1024, requires_grad=True), torch.zeros(1024, requires_grad=True)
    return lambda: torch.autograd.grad(F.layer_norm(x, (1024,), scale, shift), (x, scale, shift), y_bar)


def mlp_model():
    return torch.nn.Sequential(
        torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU(),
        torch.nn.Linear(256, 10))


def training(model, optimizer, *image, samples, bf16=False):
    x, labels = torch.randn(samples, *image), torch.arange(samples) * 7 % 10

    def step():
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            loss = F.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()

    return step


def mlp(make_optimizer, bf16=False):
    model = mlp_model()
    return training(model, make_optimizer(model.parameters()), 784, samples=128, bf16=bf16)


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-4)


def lenet():
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(6, 16, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.Linear(400, 120), torch.nn.ReLU(), torch.nn.Linear(120, 84), torch.nn.ReLU(),
        torch.nn.Linear(84, 10))
    return training(model, sgd(model.parameters()), 1, 28, 28, samples=64)


def vgg():
    def convolution(channels, filters):
        return [torch.nn.Conv2d(channels, filters, 3, padding=1), torch.nn.BatchNorm2d(filters), torch.nn.ReLU()]

    model = torch.nn.Sequential(
        *convolution(3, 32), *convolution(32, 32), torch.nn.MaxPool2d(2),
        *convolution(32, 64), *convolution(64, 64), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(4096, 10))
    return training(model, sgd(model.parameters()), 3, 32, 32, samples=64)


def mlp_hvp():
    model = mlp_model()
    x, labels = torch.randn(128, 784), torch.arange(128) * 7 % 10
    parameters = list(model.parameters())
    direction = [torch.randn_like(p) for p in parameters]

    def step():
        gradients = torch.autograd.grad(F.cross_entropy(model(x), labels), parameters, create_graph=True)
        torch.autograd.grad(gradients, parameters, direction)

    return step


WORKLOADS = {
    "xor_step": xor_step,
    "op_1": lambda: op(1),
    "op_64": lambda: op(64),
    "gelu_lambda_1e6": lambda: both_ways(gelu, 1_000_000),
    "gelu_lambda_1e4": lambda: both_ways(gelu, 10_000),
    "exp_1e4": lambda: forward(torch.exp),
    "tanh_1e4": lambda: forward(torch.tanh),
    "sigmoid_1e4": lambda: forward(torch.sigmoid),
    "softmax_rows": lambda: both_ways(lambda x: torch.softmax(x, 1), 1024, 1024),
    "softmax_columns": lambda: both_ways(lambda x: torch.softmax(x, 0), 1024, 1024),
    "layer_norm": layer_norm,
    "mlp_sgd": lambda: mlp(sgd),
    "mlp_adam": lambda: mlp(adam),
    "mlp_bf16": lambda: mlp(sgd, bf16=True),
    "mlp_hvp": mlp_hvp,
    "lenet": lenet,
    "vgg": vgg,
}


def fastest(step, seconds=0.5):
    """The least time of a call, in batches long enough for the clock."""
    for _ in range(3):
        step()
    begin = time.perf_counter()
    step()
    calls = max(1, int(0.01 / (time.perf_counter() - begin)))
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(calls):
            step()
        best = min(best, (time.perf_counter() - begin) / calls)
    return best


def kilobytes(what):
    with open("/proc/self/status", encoding="utf-8") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(what))


def main():
    workload, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    per_call = 1000 if workload.startswith("op_") else 1
    before = kilobytes("RssAnon")
    with open("/proc/self/clear_refs", "w", encoding="utf-8") as peak:
        peak.write("5")
    seconds = fastest(WORKLOADS[workload]()) / per_call
    after = kilobytes("VmHWM") - kilobytes("RssFile") - kilobytes("RssShmem")
    print(seconds, 1024 * (after - before))


if __name__ == "__main__":
    main()
