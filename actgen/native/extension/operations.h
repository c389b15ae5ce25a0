// The operations of an activation on tensors, by PyTorch's stable ABI: a library that is built with one version of
// PyTorch runs with later ones.
#ifndef ACTGEN_EXTENSION_OPERATIONS_H
#define ACTGEN_EXTENSION_OPERATIONS_H

#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/csrc/stable/accelerator.h>
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>

#include <vector>

#include "launches.h"
#include "shapes.h"

namespace actgen_extension {

using torch::stable::Tensor;
using Tensors = std::vector<Tensor>;
using torch::headeronly::ScalarType;

// An activation: how many inputs and outputs it has, and by format, in the order of `Numbers` of formats.h, the launches
// for arrays with long rows and with short ones.
struct Activation {
  size_t inputs, outputs;
  Launch* launches[4][2];
};

inline int format_of(const Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case ScalarType::Double: return 0;
    case ScalarType::Float: return 1;
    case ScalarType::BFloat16: return 2;
    case ScalarType::Half: return 3;
    default: STD_TORCH_CHECK(false, "tensors are float64, float32, bfloat16 or float16");
  }
  return -1;
}
inline int64_t bytes_of(int format) { return format == 0 ? 8 : format == 1 ? 4 : 2; }

inline Sizes sizes_of(const Tensor& tensor) { return Sizes(tensor.sizes().begin(), tensor.sizes().end()); }
inline Sizes strides_of(const Tensor& tensor) { return Sizes(tensor.strides().begin(), tensor.strides().end()); }
inline long long address_of(const Tensor& tensor) { return (long long)(tensor.data_ptr()); }

// How an activation's kernels go through tensors.
class Plan {
 public:
  // `arguments` are inputs, all of one shape and dtype, then parameters, all on one GPU.
  Plan(const Activation& activation, Tensors arguments) : activation_(activation), given_(std::move(arguments)) {
    for (const Tensor& other : given_) STD_TORCH_CHECK(is_beside_first(other), "tensors are on one GPU");
    for (size_t k = 1; k < activation.inputs; ++k) STD_TORCH_CHECK(is_like_first(given_[k]), "inputs are alike");
    lay_out();
    std::vector<Sizes> shapes;
    for (size_t k = activation.inputs; k < given_.size(); ++k) {
      shapes.push_back(sizes_of(given_[k]));
      per_channel_.push_back(product(shapes.back()) != 1);
      given_[k] = torch::stable::contiguous(given_[k]);
    }
    STD_TORCH_CHECK(find_shape(sizes_of(given_[0]), strides_of(given_[0]), shapes, shape_),
                    "parameters have one value, or one along one axis");
    grid_ = grid_of(shape_, bytes_of(format_of(given_[0])));
    launch_ = activation.launches[format_of(given_[0])][shape_.has_short_rows()];
  }

  Tensors forward() const {
    Tensors results = like_first(activation_.outputs);
    if (shape_.count()) launch(FORWARD, grid_.blocks, words(nullptr, {}, results, {}));
    return results;
  }

  // Gradients of all arguments; those of parameters have no values unless they are `summed`.
  Tensors backward(Tensors grads, bool summed) const {
    for (Tensor& grad : grads) {
      STD_TORCH_CHECK(is_like_first(grad), "gradients of outputs are like the inputs");
      if (strides_of(grad) != strides_of(given_[0])) grad = lying_like_first(grad);
    }
    Tensors results = like_first(activation_.inputs), sums;
    for (size_t k = activation_.inputs; k < given_.size(); ++k) sums.push_back(torch::stable::empty_like(given_[k]));
    if (!shape_.count()) {
      for (Tensor& sum : sums) torch::stable::zero_(sum);
    } else if (summed && !sums.empty()) {
      int64_t count = grid_.parts * int64_t(sums.size()) * grid_.columns;
      Tensor room = torch::stable::new_empty(given_[0], {count}, ScalarType::Double);
      std::vector<long long> call = words(&room, grads, results, sums);
      launch(BACKWARD_SUMS, grid_.blocks, call);
      launch(GRADIENTS, gradient_blocks(shape_.channels, per_channel_), call);
    } else {
      launch(BACKWARD, grid_.blocks, words(nullptr, grads, results, {}));
    }
    results.insert(results.end(), sums.begin(), sums.end());
    return results;
  }

 private:
  bool is_beside_first(const Tensor& other) const {
    return other.is_cuda() && other.get_device_index() == given_[0].get_device_index();
  }
  bool is_like_first(const Tensor& other) const {
    return is_beside_first(other) && sizes_of(other) == sizes_of(given_[0]) && format_of(other) == format_of(given_[0]);
  }

  // Inputs that lie alike and side by side stay as they are; others become contiguous.
  void lay_out() {
    bool alike = is_dense(sizes_of(given_[0]), strides_of(given_[0]));
    for (size_t k = 1; k < activation_.inputs; ++k) alike &= strides_of(given_[k]) == strides_of(given_[0]);
    for (size_t k = 0; !alike && k < activation_.inputs; ++k) given_[k] = torch::stable::contiguous(given_[k]);
  }

  Tensors like_first(size_t count) const {
    Tensors results;
    for (size_t k = 0; k < count; ++k) results.push_back(torch::stable::empty_like(given_[0]));
    return results;
  }

  Tensor lying_like_first(const Tensor& grad) const {
    Tensor copy = torch::stable::empty_like(given_[0]);
    return torch::stable::copy_(copy, grad);
  }

  // A `Call` of cuda_driver.cuh.
  std::vector<long long> words(const Tensor* room, const Tensors& grads, const Tensors& results, const Tensors& sums) const {
    std::vector<long long> call = {shape_.outer, shape_.channels, shape_.inner, grid_.rows, grid_.length, grid_.parts,
                                   room ? address_of(*room) : 0};
    for (size_t k = 0; k < activation_.inputs; ++k) call.push_back(address_of(given_[k]));
    for (size_t k = 0; k < activation_.outputs; ++k) call.push_back(k < grads.size() ? address_of(grads[k]) : 0);
    for (size_t k = 0; k < std::max(activation_.inputs, activation_.outputs); ++k)
      call.push_back(k < results.size() ? address_of(results[k]) : 0);
    for (size_t k = 0; k < per_channel_.size(); ++k) {
      const Tensor& value = given_[activation_.inputs + k];
      call.insert(call.end(), {address_of(value), k < sums.size() ? address_of(sums[k]) : 0, format_of(value), per_channel_[k]});
    }
    call.resize(call.size() + 4);  // an array of none has room for one
    return call;
  }

  void launch(Function function, int64_t blocks, const std::vector<long long>& call) const {
    void* stream = nullptr;
    TORCH_ERROR_CODE_CHECK(aoti_torch_get_current_cuda_stream(given_[0].get_device_index(), &stream));
    const char* error = launch_(function, unsigned(blocks), call.data(), stream);
    STD_TORCH_CHECK(!error, error ? error : "");
  }

  const Activation& activation_;
  Tensors given_;
  std::vector<bool> per_channel_;
  Shape shape_;
  Grid grid_;
  Launch* launch_;
};

// The outputs, of inputs and then parameters.
inline Tensors forward(const Activation& activation, Tensors arguments) {
  torch::stable::accelerator::DeviceGuard guard(arguments[0].get_device_index());
  return Plan(activation, std::move(arguments)).forward();
}

// The gradients of inputs and then parameters, of those of the outputs; `summed` asks for those of parameters.
inline Tensors backward(const Activation& activation, Tensors grads, Tensors arguments, bool summed) {
  torch::stable::accelerator::DeviceGuard guard(arguments[0].get_device_index());
  return Plan(activation, std::move(arguments)).backward(std::move(grads), summed);
}

}  // namespace actgen_extension

#endif
