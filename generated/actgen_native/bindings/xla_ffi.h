// A kernel as two handlers of XLA's FFI, through its plain C API, which jaxlib brings. After cpu_rows.h or cpu_periods.h.
//
// Arguments of a call: for the backward pass the outputs' cotangents; inputs; parameters. Results: outputs, or the
// inputs' cotangents and then those of the parameters that are wanted. The one attribute is `plan`, see below.
#include <sched.h>

#include "xla/ffi/api/c_api.h"

namespace actgen {

// What the shapes are to a kernel, and, one bit a parameter, which have values for each channel, and whose cotangents
// are wanted.
struct Plan {
  long long outer, channels, inner, per_channel, wanted;
};

// Work that is offered to XLA's pool of threads. The last user frees it: a task may come to it when all is done.
struct Offer {
  void (*body)(void*);
  void* data;
  unsigned long at_work;  // twice the number of helpers; odd when none may begin any more
  unsigned users;
};

static void let_go(Offer* offer) {
  if (__atomic_sub_fetch(&offer->users, 1, __ATOMIC_ACQ_REL) == 0) std::free(offer);
}

static void help(void* data) {
  Offer* offer = static_cast<Offer*>(data);
  if (__atomic_fetch_add(&offer->at_work, 2, __ATOMIC_ACQ_REL) % 2 == 0) offer->body(offer->data);
  __atomic_fetch_sub(&offer->at_work, 2, __ATOMIC_ACQ_REL);
  let_go(offer);
}

static thread_local XLA_FFI_CallFrame* current_frame;

static bool is_fine(XLA_FFI_Error* error) {
  if (!error) return true;
  XLA_FFI_Error_Destroy_Args args = {sizeof(args), nullptr, error};
  current_frame->api->XLA_FFI_Error_Destroy(&args);
  return false;
}

// Runs body(data) here, and in as many threads of the pool as come in time: it never waits for one that has not begun,
// since all of them may be waiting in calls like this.
static void in_pool(void (*body)(void*), void* data, unsigned threads, unsigned) {
  Offer* offer = static_cast<Offer*>(std::malloc(sizeof(Offer)));
  if (!offer) return body(data);
  *offer = {body, data, 0, threads};
  unsigned helpers = threads - 1;
  for (; helpers > 0; --helpers) {
    XLA_FFI_ThreadPool_Schedule_Args args = {sizeof(args), nullptr, current_frame->ctx, help, offer};
    if (!is_fine(current_frame->api->XLA_FFI_ThreadPool_Schedule(&args))) break;
  }
  body(data);
  __atomic_fetch_or(&offer->at_work, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(&offer->at_work, __ATOMIC_ACQUIRE) > 1) sched_yield();
  for (; helpers > 0; --helpers) let_go(offer);  // those that could not be asked
  let_go(offer);
}

static long long threads_of_pool() {
  int64_t count = 1;
  XLA_FFI_ThreadPool_NumThreads_Args args = {sizeof(args), nullptr, current_frame->ctx, &count};
  return is_fine(current_frame->api->XLA_FFI_ThreadPool_NumThreads(&args)) ? count : 1;
}

static XLA_FFI_Error* failed(const XLA_FFI_CallFrame* frame, XLA_FFI_Error_Code code, const char* message) {
  XLA_FFI_Error_Create_Args args = {sizeof(args), nullptr, message, code};
  return frame->api->XLA_FFI_Error_Create(&args);
}

static Numbers numbers_of(XLA_FFI_DataType type) {
  switch (type) {
    case XLA_FFI_DataType_F64: return FLOAT64;
    case XLA_FFI_DataType_F32: return FLOAT32;
    case XLA_FFI_DataType_BF16: return BFLOAT16;
    default: return FLOAT16;
  }
}

// The buffers of a call, one after the other.
struct Buffers {
  void** next;
  const XLA_FFI_Buffer& take() { return *static_cast<const XLA_FFI_Buffer*>(*next++); }
};

static Call call_of(const XLA_FFI_CallFrame& frame, const Plan& plan, bool backward) {
  Call call = {plan.outer, plan.channels, plan.inner, in_pool, threads_of_pool(), {}, {}, {}, {}};
  Buffers arguments = {frame.args.args}, results = {frame.rets.rets};
  for (int k = 0; backward && k < OUTPUTS; ++k) call.cotangents[k] = static_cast<Storage*>(arguments.take().data);
  for (int k = 0; k < INPUTS; ++k) call.inputs[k] = static_cast<Storage*>(arguments.take().data);
  for (int k = 0; k < (backward ? INPUTS : OUTPUTS); ++k) call.results[k] = static_cast<Storage*>(results.take().data);
  for (int k = 0; k < PARAMETERS; ++k) {
    const XLA_FFI_Buffer& given = arguments.take();
    void* gradient = plan.wanted >> k & 1 ? results.take().data : nullptr;
    call.parameters[k] = {given.data, gradient, numbers_of(given.dtype), plan.per_channel >> k & 1};
  }
  return call;
}

static XLA_FFI_Error* handle(XLA_FFI_CallFrame* frame, bool backward) {
  if (frame->extension_start && frame->extension_start->type == XLA_FFI_Extension_Metadata) {
    auto* asked = reinterpret_cast<XLA_FFI_Metadata_Extension*>(frame->extension_start);
    asked->metadata->api_version = {XLA_FFI_Api_Version_STRUCT_SIZE, nullptr, XLA_FFI_API_MAJOR, XLA_FFI_API_MINOR};
    return nullptr;
  }
  const auto* plan = frame->attrs.size == 1 && frame->attrs.types[0] == XLA_FFI_AttrType_ARRAY
                         ? static_cast<const XLA_FFI_Array*>(frame->attrs.attrs[0]) : nullptr;
  if (!plan || plan->dtype != XLA_FFI_DataType_S64 || plan->size * sizeof(long long) != sizeof(Plan))
    return failed(frame, XLA_FFI_Error_Code_INVALID_ARGUMENT, "a kernel of actgen is called with another plan");
  current_frame = frame;
  int status = run(call_of(*frame, *static_cast<const Plan*>(plan->data), backward), backward);
  return status ? failed(frame, XLA_FFI_Error_Code_RESOURCE_EXHAUSTED, "no memory for partial sums") : nullptr;
}

}  // namespace actgen

extern "C" XLA_FFI_Error* actgen_xla_forward(XLA_FFI_CallFrame* frame) { return actgen::handle(frame, false); }
extern "C" XLA_FFI_Error* actgen_xla_backward(XLA_FFI_CallFrame* frame) { return actgen::handle(frame, true); }
