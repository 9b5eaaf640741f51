"""Writes the reference values of tests/nn_optimizer_test.cpp, from PyTorch 1.13.1 (Debian's python3-torch):

    /usr/bin/python3 tests/reference/optimizers.py > tests/reference/optimizers.hpp && ./dev format

Each trajectory is that of a 2-2-1 network (tanh, sigmoid) on XOR in double, which starts from the numbers of
start(); a row has all nine parameters after so many steps. None reaches a minimum: there gradients are nothing but
rounding, which Adam and RMSprop make large.
"""

import torch
from torch import optim
from torch.optim import lr_scheduler

STEPS = [1, 10, 100, 1000]
X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
Y = torch.tensor([[0], [1], [1], [0]], dtype=torch.float64)


def start():
    """The weight and bias of the hidden layer, then of the output: (7 k mod 11 - 4.5) / 8 for k = 1, 2, ..."""
    numbers = [(7 * k % 11 - 4.5) / 8 for k in range(1, 10)]
    shapes = [(2, 2), (2,), (1, 2), (1,)]
    parameters = []
    for shape in shapes:
        count = torch.Size(shape).numel()
        values = torch.tensor(numbers[:count], dtype=torch.float64).reshape(shape)
        parameters.append(values.requires_grad_())
        numbers = numbers[count:]
    return parameters


def trajectory(make_optimizer, make_scheduler=None, max_norm=None):
    parameters = start()
    w1, b1, w2, b2 = parameters
    optimizer = make_optimizer(parameters)
    scheduler = make_scheduler(optimizer) if make_scheduler else None
    for step in range(1, max(STEPS) + 1):
        optimizer.zero_grad()
        prediction = torch.sigmoid(torch.tanh(X @ w1.T + b1) @ w2.T + b2)
        torch.nn.functional.mse_loss(prediction, Y).backward()
        if max_norm:
            torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        optimizer.step()
        if scheduler and step < max(STEPS):
            scheduler.step()
        if step in STEPS:
            yield step, [x for p in parameters for x in p.detach().flatten().tolist()]


TRAJECTORIES = {
    "sgd": (lambda p: optim.SGD(p, lr=0.5),),
    "sgd_momentum": (
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.2, weight_decay=1e-3),
    ),
    "sgd_nesterov": (
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4),
    ),
    "sgd_one_cycle_clipped": (
        lambda p: optim.SGD(p, lr=1, momentum=0.9),
        lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.5, total_steps=1000),
        0.02,
    ),
    "adam": (lambda p: optim.Adam(p),),
    "adam_weight_decay": (
        lambda p: optim.Adam(p, lr=2e-3, betas=(0.8, 0.99), eps=1e-6, weight_decay=1e-3),
    ),
    "adam_amsgrad": (lambda p: optim.Adam(p, lr=1e-2, amsgrad=True),),
    "adamw": (lambda p: optim.AdamW(p),),
    "adamw_amsgrad": (lambda p: optim.AdamW(p, lr=1e-2, weight_decay=0.1, amsgrad=True),),
    "rms_prop": (lambda p: optim.RMSprop(p, lr=1e-3),),
    "rms_prop_momentum": (
        lambda p: optim.RMSprop(p, lr=2e-4, alpha=0.98, eps=1e-4, momentum=0.8, weight_decay=1e-3),
    ),
    "rms_prop_centered": (lambda p: optim.RMSprop(p, lr=1e-3, eps=1e-4, centered=True),),
    "rms_prop_centered_momentum": (
        lambda p: optim.RMSprop(p, lr=1e-4, eps=1e-3, centered=True, momentum=0.9),
    ),
    "adagrad": (lambda p: optim.Adagrad(p, lr=0.1),),
    "adagrad_decay": (
        lambda p: optim.Adagrad(
            p, lr=0.2, lr_decay=1e-2, weight_decay=1e-3, initial_accumulator_value=0.1, eps=1e-8
        ),
    ),
}


def warm_up_then_cosine(optimizer):
    warm_up = lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=5)
    cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max=10, eta_min=0.01)
    return lr_scheduler.SequentialLR(optimizer, [warm_up, cosine], milestones=[5])


SCHEDULES = {
    "step_decay": lambda o: lr_scheduler.StepLR(o, step_size=4, gamma=0.3),
    "cosine_annealing": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=12, eta_min=0.02),
    "warm_up": warm_up_then_cosine,
    "one_cycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.4, total_steps=15),
    "one_cycle_early": lambda o: lr_scheduler.OneCycleLR(
        o, max_lr=0.4, total_steps=15, pct_start=0.1, div_factor=10, final_div_factor=100
    ),
}


def rates(make_scheduler):
    """The learning rate and the momentum in each of 15 steps, from a learning rate of 0.5."""
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5, momentum=0.9)
    scheduler = make_scheduler(optimizer)
    for step in range(15):
        group = optimizer.param_groups[0]
        yield group["lr"], group["momentum"]
        optimizer.step()
        if step < 14:
            scheduler.step()


def braces(numbers):
    return "{" + ", ".join(repr(float(x)) for x in numbers) + "}"


print("#pragma once\n")
print("// Written by optimizers.py with PyTorch", torch.__version__ + ". What the numbers are is said there.\n")
print("#include <array>\n\nnamespace reference {\n")
print("struct Row {\n    int steps;\n    std::array<double, 9> parameters;\n};\n")
print("struct Trajectory {\n    const char* optimizer;\n    std::array<Row, 4> rows;\n};\n")
print("struct Rates {\n    const char* schedule;\n    std::array<double, 15> learning_rate, momentum;\n};\n")
print("inline constexpr Trajectory trajectories[] = {")
for name, arguments in TRAJECTORIES.items():
    rows = ", ".join(f"{{{step}, {{{braces(numbers)}}}}}" for step, numbers in trajectory(*arguments))
    print(f'    {{"{name}", {{{{{rows}}}}}}},')
print("};\n\ninline constexpr Rates rates[] = {")
for name, make_scheduler in SCHEDULES.items():
    learning_rates, momenta = zip(*rates(make_scheduler))
    print(f'    {{"{name}", {{{braces(learning_rates)}}}, {{{braces(momenta)}}}}},')
print("};\n\n}  // namespace reference")
