"""What Keras does not say about its arguments: kinds, choices, and what the closed world leaves out.

Keras's constructors carry no annotations, so the kind of an argument is read off, in this order: the
``(class, argument)`` overrides, the argument's name, the type of its default. Tests hold them against Keras.
"""

from __future__ import annotations

from typing import Any

NULLABLE_KINDS = frozenset({"activation", "initializer", "regularizer", "constraint"})
NULLABLE_NAMES = frozenset({"reduction"})

_NAMES_OF_KIND = {
    "int": """
        M N axis1 axis2 axisa axisb axisc block_size class_id decay_steps decimals depth_multiplier
        ema_overwrite_frequency fft_length filters first_decay_steps frame_length frame_step
        gptq_unpacked_column_size gradient_accumulation_steps groups head_dim height ignore_class
        input_dim k key_dim kth length lora_rank mask_index max_number max_to_keep max_tokens
        minlength n num num_bins num_classes num_heads num_key_value_heads num_labels
        num_oov_indices num_query_heads num_segments num_tokens output_dim output_sequence_length
        projection_dim seed sequence_length sequence_stride sliding_window top_k units value_dim width
        window_length""",
    "float": """
        adam_lr_ratio alpha atol attn_logits_soft_cap base baseline clipnorm clipvalue
        constant_values decay_rate default_value dropout dx end_learning_rate epsilon fill_value
        global_clipnorm init_values initial initial_learning_rate initial_value_threshold label_smoothing
        logit_soft_cap lora_alpha loss_scale_factor mag_exp max_freq max_val max_value min_delta
        min_freq min_value momentum nan negative_slope neginf offset order posinf power precision
        rate rcond recall recurrent_dropout renorm_momentum rtol scale sensitivity specificity
        stddev threshold tol top_db warmup_target weight_decay x_max x_min""",
    "ints": """
        attention_axes axes axis cropping destination dilation dilation_rate dims embeddings_freq
        indices_or_sections input_axes kernel_size newshape ngrams output_axes output_padding
        output_size pad_width pool_size profile_batch repeats salt shape shared_axes shift size
        source stride strides target_class_ids tile_grid_size""",
    "shape": "target_shape noise_shape newshape shape",
    "floats": """
        bin_boundaries boundaries brightness_factor contrast_factor factor height_factor hue_factor
        idf_weights label_weights mean range saturation_factor scale_range sigma thresholds value
        value_range values variance width_factor x_factor y_factor""",
    "list": "vocabulary weights exclude_layers",
    "dtype": "dtype vocabulary_dtype reverse_dtype",
    "str": "name monitor subscripts equation pattern encoding separator bias_axes",
    "path": "filepath filename log_dir directory backup_dir embeddings_metadata",
    "layer": "layer backward_layer",
    "layers": "cells layers",
    "optimizer": "inner_optimizer default_optimizer",
    "schedule": "learning_rate",
    "activation": "activation recurrent_activation",
    "dict": "quantization_config renorm_clipping",
    "bool": "flash_attention sparse ragged",
    "any": "mask_value ord mask_token oov_token",
}
KIND_OF_NAME = {name: kind for kind, names in _NAMES_OF_KIND.items() for name in names.split()}
KIND_OF_SUFFIX = {
    "_initializer": "initializer",
    "_regularizer": "regularizer",
    "_constraint": "constraint",
    "_activation": "activation",
}

KIND_OF_ARGUMENT = {
    ("CategoricalFocalCrossentropy", "alpha"): "floats",
    ("ColumnGather", "indices"): "ints",
    ("CustomScaleLayer", "scale"): "float",
    ("RNN", "cell"): "layer",
    ("Concatenate", "axis"): "int",
    ("Constant", "value"): "floats",
    ("Dice", "axis"): "ints",
    ("EinsumDense", "output_shape"): "sizes",
    ("MultiHeadAttention", "output_shape"): "sizes",
    ("Frames", "size"): "int",
    ("Frames", "stride"): "int",
    ("LayerNormalization", "axis"): "ints",
    ("LogBoF", "pool_size"): "int",
    ("MaxNorm", "axis"): "ints",
    ("MinMaxNorm", "axis"): "ints",
    ("MultiOptimizer", "optimizer_map"): "optimizer",
    ("OptimizerMap", "optimizer_map"): "optimizers",
    ("RMSNormalization", "axis"): "ints",
    ("ReplicatePadding1D", "padding"): "ints",
    ("SeriesDecomposition", "pool_size"): "int",
    ("TABL", "steps"): "int",
    ("WeightNormConv1D", "dilation_rate"): "int",
    ("WeightNormConv1D", "kernel_size"): "int",
    ("WeightNormConv1D", "strides"): "int",
    ("RandomCrop", "name"): "str",
    ("RandomErasing", "scale"): "floats",
    ("RandomErasing", "fill_value"): "floats",
    ("RandomElasticTransform", "scale"): "floats",
    ("RandomPerspective", "scale"): "floats",
    ("Rescaling", "offset"): "floats",
    ("Rescaling", "scale"): "floats",
    ("Softmax", "axis"): "ints",
    ("TextVectorization", "ngrams"): "ints",
    ("Tversky", "axis"): "ints",
    ("UnitNorm", "axis"): "ints",
    ("UnitNormalization", "axis"): "ints",
    ("VarianceScaling", "scale"): "float",
    ("ZeroPadding1D", "padding"): "ints",
    ("ZeroPadding2D", "padding"): "ints",
    ("ZeroPadding3D", "padding"): "ints",
    ("RandomNormal", "mean"): "float",
    ("TruncatedNormal", "mean"): "float",
    ("OneHotIoU", "num_classes"): "int",
    ("diagonal", "offset"): "int",
    ("trace", "offset"): "int",
    ("expand_dims", "axis"): "ints",
    ("fold", "padding"): "ints",
    ("unfold", "padding"): "ints",
    ("logspace", "base"): "float",
    ("round", "decimals"): "int",
    ("normalize", "order"): "float",
    ("squareplus", "b"): "float",
    ("rot90", "axes"): "ints",
    ("geomspace", "axis"): "int",
    ("linspace", "axis"): "int",
    ("logspace", "axis"): "int",
    ("concatenate", "axis"): "int",
    ("histogram", "range"): "floats",
    ("rearrange", "pattern"): "str",
    ("unique", "fill_value"): "float",
}

_INTERPOLATION = ["bicubic", "bilinear", "lanczos3", "lanczos5", "nearest"]
_FILL_MODES = ["constant", "nearest", "reflect", "wrap"]
_QUANTILE = ["linear", "lower", "higher", "midpoint", "nearest"]
_PADDING = ["valid", "same"]
_CAUSAL = [*_PADDING, "causal"]
_CATEGORY = ["int", "one_hot", "multi_hot", "count"]
_LOOKUP = [*_CATEGORY, "tf_idf"]
_AVERAGE = ["micro", "macro", "weighted"]
_WINDOWS = ["hann", "hamming"]

CHOICES_OF_NAME: dict[str, list[Any]] = {
    "data_format": ["channels_first", "channels_last"],
    "padding": _PADDING,
    "reduction": ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"],
    "interpolation": ["bilinear", "nearest"],
    "fill_mode": _FILL_MODES,
    "method": _QUANTILE,
    "use_cudnn": ["auto"],
    "window": _WINDOWS,
    "save_freq": ["epoch"],
}
CHOICES_OF_ARGUMENT: dict[tuple[str, str], list[Any]] = {
    ("AUC", "curve"): ["ROC", "PR"],
    ("AUC", "summation_method"): ["interpolation", "minoring", "majoring"],
    ("Attention", "score_mode"): ["dot", "concat"],
    ("Bidirectional", "merge_mode"): ["concat", "sum", "mul", "ave"],
    ("CategoryEncoding", "output_mode"): ["one_hot", "multi_hot", "count"],
    ("CausalNormalization", "mode"): ["running", "exponential"],
    ("Conv1D", "padding"): _CAUSAL,
    ("Discretization", "output_mode"): _CATEGORY,
    ("EarlyStopping", "mode"): ["auto", "min", "max"],
    ("F1Score", "average"): _AVERAGE,
    ("FBetaScore", "average"): _AVERAGE,
    ("HashedCrossing", "output_mode"): ["int", "one_hot"],
    ("Hashing", "output_mode"): _CATEGORY,
    ("IntegerLookup", "output_mode"): _LOOKUP,
    ("IntegerLookup", "oov_method"): ["floormod", "farmhash"],
    ("ModelCheckpoint", "mode"): ["auto", "min", "max"],
    ("OrbaxCheckpoint", "mode"): ["auto", "min", "max"],
    ("PlotPrediction", "part"): ["val", "train"],
    ("OrthogonalRegularizer", "mode"): ["rows", "columns"],
    ("R2Score", "class_aggregation"): ["uniform_average", "variance_weighted_average"],
    ("RandomFlip", "mode"): ["horizontal", "vertical", "horizontal_and_vertical"],
    ("RandomElasticTransform", "fill_mode"): [*_FILL_MODES, "mirror"],
    ("ReduceLROnPlateau", "mode"): ["auto", "min", "max"],
    ("Resizing", "interpolation"): _INTERPOLATION,
    ("STFT", "side"): ["real", "imag"],
    ("STFT", "scaling"): ["density", "spectrum"],
    ("STFTSpectrogram", "mode"): ["log", "magnitude", "psd", "real", "imag", "angle", "stft"],
    ("STFTSpectrogram", "scaling"): ["density", "spectrum"],
    ("StringLookup", "output_mode"): _LOOKUP,
    ("TensorBoard", "update_freq"): ["batch", "epoch"],
    ("TextVectorization", "output_mode"): ["int", "multi_hot", "count", "tf_idf"],
    ("TextVectorization", "split"): ["whitespace", "character"],
    ("TextVectorization", "standardize"): ["lower_and_strip_punctuation", "lower", "strip_punctuation"],
    ("UpSampling2D", "interpolation"): _INTERPOLATION,
    ("VarianceScaling", "distribution"): ["normal", "truncated_normal", "untruncated_normal", "uniform"],
    ("VarianceScaling", "mode"): ["fan_in", "fan_out", "fan_avg"],
    ("WeightNormConv1D", "padding"): _CAUSAL,
    ("correlate", "mode"): ["valid", "same", "full"],
    ("ctc_decode", "strategy"): ["greedy", "beam_search"],
    ("meshgrid", "indexing"): ["xy", "ij"],
    ("pad", "mode"): ["constant", "reflect", "symmetric"],
    ("qr", "mode"): ["reduced", "complete"],
    ("scatter_update", "reduction"): ["add", "max", "min", "mul"],
    ("searchsorted", "side"): ["left", "right"],
}
KIND_WITH_CHOICES = {"use_cudnn": "bool", "save_freq": "int", "update_freq": "int"}
NULLABLE_ARGUMENTS = frozenset(
    {
        ("Bidirectional", "merge_mode"),
        ("TextVectorization", "standardize"),
        ("TextVectorization", "split"),
        ("STFT", "window"),
        ("STFTSpectrogram", "window"),
        ("stft", "window"),
        ("istft", "window"),
    }
)

LIST_LAYERS = frozenset(
    """Add Average Concatenate Dot Maximum Minimum Multiply Subtract Attention AdditiveAttention
    CustomScaleLayer GaussianSample HashedCrossing""".split()
)
# The Fourier ops take a pair: real and imaginary part.
LIST_OPS = frozenset("concatenate dstack fft fft2 hstack ifft2 irfft istft select stack vstack".split())

_CODE = "it runs Python code that a spec cannot carry; register a layer in code instead"
_WRITES = "it writes files; a run keeps its history and weights in its own folder (--out), or pass it in code"
_CALLABLE = "it takes a function, and a spec holds no code"
_BASE = "it is a base class"
_NO_TENSOR = "it takes no tensor, so nothing can flow through it"
_BY_TARGETS = (
    "Keras would choose it by the targets it meets; write `sparse_categorical_crossentropy` (class numbers), "
    "`categorical_crossentropy` (a column a class) or `binary_crossentropy` (a yes or no)"
)
_PYTHON = "it gives Python values, not a tensor; sizes belong in parameters and `=` expressions"
REFUSED: dict[str, dict[str, str]] = {
    "layers": {
        **dict.fromkeys("Lambda TFSMLayer TorchModuleWrapper FlaxLayer JaxLayer".split(), _CODE),
        **dict.fromkeys(("Layer", "Wrapper", "InputSpec"), _BASE),
        **dict.fromkeys(("InputLayer", "Input"), "inputs are declared under `inputs:`"),
    },
    "ops": {
        **dict.fromkeys(
            """associative_scan cond custom_gradient fori_loop jvp map scan switch vectorize vectorized_map
            while_loop""".split(),
            _CALLABLE,
        ),
        **dict.fromkeys("convert_to_numpy dtype is_tensor ndim shape".split(), _PYTHON),
        **dict.fromkeys(
            """arange bartlett blackman empty eye hamming hanning identity kaiser ones tri zeros""".split(),
            _NO_TENSOR,
        ),
        "get_item": "slices are written with the step `at`, such as `at: {1: [-24, null]}`",
    },
    "losses": {"Loss": _BASE, **dict.fromkeys(("crossentropy", "ce"), _BY_TARGETS)},
    "metrics": {"Metric": _BASE, "MeanMetricWrapper": _CALLABLE},
    "optimizers": {"Optimizer": _BASE},
    "schedules": {"LearningRateSchedule": _BASE},
    "callbacks": {
        "Callback": _BASE,
        "CallbackList": _BASE,
        "LambdaCallback": _CALLABLE,
        "LearningRateScheduler": "it takes a function; write a schedule as the optimizer's `learning_rate`",
        "RemoteMonitor": "it opens a network connection",
        # a spec from a stranger must not choose which files a run writes over
        "BackupAndRestore": _WRITES,
        "CSVLogger": _WRITES,
        "ModelCheckpoint": _WRITES,
        "OrbaxCheckpoint": _WRITES,
        "TensorBoard": _WRITES,
    },
    "initializers": {"Initializer": _BASE},
    "regularizers": {"Regularizer": _BASE},
    "constraints": {"Constraint": _BASE},
    "activations": {},
    "call": {"training": "`predict` overrides it silently; register a layer that is always random in code"},
}
# Layers whose ``**kwargs`` do not reach the base layer unchanged.
NOT_PASSED_ON = dict.fromkeys(
    ("ActivityRegularization", "IntegerLookup", "StringLookup"), ("activity_regularizer",)
)
