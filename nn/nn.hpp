#pragma once

// Everything of nn in one include.

#include <nn/activation.hpp>
#include <nn/adagrad.hpp>
#include <nn/adam.hpp>
#include <nn/batch_norm.hpp>
#include <nn/clip.hpp>
#include <nn/conv2d.hpp>
#include <nn/data/data.hpp>
#include <nn/dropout.hpp>
#include <nn/embedding.hpp>
#include <nn/fit.hpp>
#include <nn/history.hpp>
#include <nn/init.hpp>
#include <nn/io/io.hpp>
#include <nn/layer_norm.hpp>
#include <nn/linear.hpp>
#include <nn/loss.hpp>
#include <nn/metrics.hpp>
#include <nn/neuron.hpp>
#include <nn/optimizer.hpp>
#include <nn/parameters.hpp>
#include <nn/pooling.hpp>
#include <nn/rms_prop.hpp>
#include <nn/schedule.hpp>
#include <nn/sequential.hpp>
#include <nn/sgd.hpp>
#include <nn/summary.hpp>
#include <nn/training_mode.hpp>
