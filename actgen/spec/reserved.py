"""Words that generated code cannot use as a parameter's or an input's name, for one target or another.

One list for all targets, so that the code of every backend says `lambda_` alike.
"""

from __future__ import annotations

_PYTHON = """
    False None True and as assert async await break class continue def del elif else except finally for from global if
    import in is lambda nonlocal not or pass raise return try while with yield match case type
"""

_BUILTINS = """
    abs all any bool bytes callable classmethod complex dict dir divmod enumerate eval exec filter float format
    frozenset getattr hasattr hash help id input int isinstance issubclass iter len list locals map max min next
    object open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super
    tuple vars zip
"""

_CPP = """
    alignas alignof and_eq asm atomic auto bitand bitor bool case catch char class co_await co_return co_yield compl
    concept const const_cast consteval constexpr constinit decltype default delete do double dynamic_cast enum explicit
    export extern false float friend goto inline int long mutable namespace new noexcept not_eq nullptr operator or_eq
    private protected public register reinterpret_cast requires restrict short signed sizeof static static_assert
    static_cast struct switch template this thread_local throw true typedef typeid typename typeof union unsigned using
    virtual void volatile wchar_t xor xor_eq std main errno
"""

_JAVASCRIPT = """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private protected public
    return static super switch this throw true try typeof undefined var void while with yield NaN Infinity Math Number
    Float64Array Array Object
"""

_TORCH_MODULE = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
    extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules
    mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory
    state_dict to to_empty train training type xpu zero_grad
"""

_KERAS_LAYER = """
    activity_regularizer add_loss add_metric add_variable add_weight autocast build build_from_config built call
    call_signature_parameters compute_dtype compute_mask compute_output_shape compute_output_spec count_params dtype
    dtype_policy from_config get_build_config get_config get_weights input input_dtype input_spec load_own_variables
    losses metrics metrics_variables name non_trainable_variables non_trainable_weights output path quantization_mode
    quantize quantized_build quantized_call rematerialized_call save_own_variables set_weights stateless_call
    supports_jit supports_masking symbolic_call torch_params trainable trainable_variables trainable_weights
    variable_dtype variables weights
"""

_FLAX_MODULE = """
    eval iter_children iter_modules perturb set_attributes sow train
"""

_GENERATED = """
    torch keras jax jnp lax math np numpy tf tensorflow ops nn nnx flax typing partial partials functools warnings
    contextlib numbers sys annotations importlib pytest special enable_x64 inf nan
    ArrayLike Callable Choice Collection DTypeLike Initializer Literal Mapping NamedTuple OpenInterval Path Sequence
    SymbolicZero TypeAlias ImportError IndexError TypeError ValueError
    ABSOLUTE LABELS PRECISIONS RELATIVE ROWS agrees apply as_tuple compare constrain jax_rows load project
    tensorflow_rows test_jax test_keras test_torch torch_rows
    per_channel combine forward_ad actgen_native jax_ffi torch_ops
    self cls dtype device dim axis channel_dim num_channels shared_axes learnable name inputs outputs training trainable
    activation args kwargs key keys params init shape rngs mask config x64 forward backward jvp vjp ctx grad
    grad_output reset_parameters parameter_values assign_parameter regularization regularizer constraint initializer
    init_params Tensor Array Any Layer
    Module Function
"""

MODULE_NAMES: frozenset[str] = frozenset(_GENERATED.split())
"""Names that the generated modules themselves use."""

PYTHON_NAMES: frozenset[str] = frozenset(_PYTHON.split())
"""Python's keywords, soft ones included."""

JAVASCRIPT_NAMES: frozenset[str] = frozenset(_JAVASCRIPT.split())
"""What no variable in strict JavaScript is called, and the objects that the printed functions use."""

BUILTIN_NAMES: frozenset[str] = frozenset(_BUILTINS.split())
"""Python's built-in functions: a module whose function hides one of them cannot call it."""

CODE_WORDS: frozenset[str] = frozenset(
    word
    for words in (_PYTHON, _BUILTINS, _CPP, _JAVASCRIPT, _TORCH_MODULE, _KERAS_LAYER, _FLAX_MODULE, _GENERATED)
    for word in words.split()
)
"""Every word that no argument or attribute of generated code can be called."""

_DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))

FOLDERS: dict[str, str] = {
    "native": "the name of the shared kernels",
    "actgen_native": "the name of the shared kernels' package",
    "assets": "the folder of what pages share",
    **dict.fromkeys(_DEVICES, "a device on Windows, where no folder can have its name"),
}
"""Names that no activation's folder can have, with what they are."""

LAYER_SUFFIXES = ("_init", "_initializer", "_regularizer", "_constraint", "_raw")
"""What a layer appends to a parameter's name for its options."""

LAYER_PREFIX = "raw_"
"""What a layer puts before a parameter's name for its raw weight."""
