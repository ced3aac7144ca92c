# The examples of the course on the Keras functional API, each as a spec in the place of the course's code:
# `Rscript examples/course.R`, or `python -m r_bridge examples/course.R`. Sizes are the course's where a model is
# counted, and small where it is trained, on numbers drawn here. Stops with an error when anything is not as it should be.

library(speczoo)
set.seed(7)

numbers <- function(...) array(rnorm(prod(...)), c(...))

show <- function(title, model) cat(sprintf("%-36s %9s parameters\n", title, format(model$num_parameters, big.mark = ",")))

# A hierarchical RNN: one LSTM reads the pixels of each row, a second one the rows.
hrnn <- '
spec: 1
name: hrnn
params: {rows: 28, cols: 28, units: 128}
inputs:
  image: {shape: [=rows, =cols, 1]}
graph:
  row_code:   [image, TimeDistributed: {LSTM: =units}]
  image_code: [row_code, LSTM: =units]
  digit:      [image_code, Dense: {units: 10, activation: softmax}]
outputs:
  digit: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
training: {optimizer: rmsprop}
'
model <- zoo_model(text = hrnn)
show("hierarchical RNN", model)
stopifnot(model$num_parameters == 199434)
model <- zoo_model(text = hrnn, rows = 8, cols = 8, units = 16)
images <- numbers(64, 8, 8, 1)
digits <- factor(rep(0:9, length.out = 64))
model |> fit(images, digits, epochs = 2)
stopifnot(identical(levels(predict(model, images, type = "class")$.pred_class), levels(digits)))

# Two inputs and two outputs: words and the time of day in, a main and an auxiliary answer out.
headline <- '
spec: 1
name: headline
params: {vocabulary: 10000, width: 512}
inputs:
  main_input: {shape: [100], dtype: int32}
  aux_input:  {shape: [5]}
graph:
  text:       [main_input, Embedding: {input_dim: =vocabulary, output_dim: =width}, LSTM: 32]
  aux_output: [text, Dense: {units: 1, activation: sigmoid}]
  main_output:
    - [text, aux_input]
    - Concatenate
    - repeat: {times: 3, do: [Dense: {units: 64, activation: relu}]}
    - Dense: {units: 1, activation: sigmoid}
outputs: [main_output, aux_output]
loss: binary_crossentropy
loss_weights: [1.0, 0.2]
training: {optimizer: rmsprop}
'
model <- zoo_model(text = headline)
show("several inputs and outputs", model)
stopifnot(model$num_parameters == 5200610)
model <- zoo_model(text = headline, vocabulary = 50, width = 8)
x <- list(main_input = matrix(sample(0:49, 6400, replace = TRUE), 64), aux_input = numbers(64, 5))
y <- list(main_output = rep(0:1, 32), aux_output = rep(0:1, 32))
loss <- function(...) {
  model |> compile(...)
  evaluate(model, x, y)[["loss"]]
}
# The weights of the losses as a vector in the model's order, as a list, and by name in any order.
weighted <- c(
  spec = evaluate(model, x, y)[["loss"]],
  vector = loss(loss_weights = c(1, 0.2)),
  list = loss(loss_weights = list(1, 0.2)),
  named = loss(loss_weights = c(aux_output = 0.2, main_output = 1))
)
print(weighted)
stopifnot(max(abs(weighted - weighted[["spec"]])) < 1e-6, abs(loss(loss_weights = c(0.2, 1)) - weighted[["spec"]]) > 1e-6)
model |> compile(optimizer = "rmsprop", loss_weights = c(main_output = 1, aux_output = 0.2)) |> fit(x, y, epochs = 2)
stopifnot(identical(names(predict(model, x, type = "prob")), c("main_output", "aux_output")))

# A shared layer: one LSTM with one set of weights reads both tweets.
tweets <- '
spec: 1
name: tweets
params: {length: 280, letters: 256}
inputs:
  tweet_a: {shape: [=length, =letters]}
  tweet_b: {shape: [=length, =letters]}
layers:
  shared_lstm: {LSTM: 64}
graph:
  a:    [tweet_a, shared_lstm]
  b:    [tweet_b, shared_lstm]
  same: [[a, b], Concatenate, Dense: {units: 1, activation: sigmoid}]
outputs:
  same: {loss: binary_crossentropy, metrics: [accuracy]}
training: {optimizer: rmsprop}
'
model <- zoo_model(text = tweets)
show("shared LSTM", model)
stopifnot(model$num_parameters == 82305)
model <- zoo_model(text = tweets, length = 12, letters = 6)
model |> fit(list(tweet_a = numbers(32, 12, 6), tweet_b = numbers(32, 12, 6)), rep(0:1, 16), epochs = 2)

# An inception module: three towers side by side, joined on channels.
inception <- '
spec: 1
name: inception
params: {size: 256}
inputs:
  image: {shape: [=size, =size, 3]}
blocks:
  conv:
    params: {kernel: 1}
    do: [Conv2D: {filters: 64, kernel_size: =kernel, padding: same, activation: relu}]
graph:
  joined:
    - image
    - branch:
        - [conv: {}, conv: {kernel: 3}]
        - [conv: {}, conv: {kernel: 5}]
        - [MaxPooling2D: {pool_size: 3, strides: 1, padding: same}, conv: {}]
    - Concatenate
outputs:
  joined: {loss: mse}
'
model <- zoo_model(text = inception)
show("inception module", model)
stopifnot(model$num_parameters == 140160)
model <- zoo_model(text = inception, size = 8)
stopifnot(identical(dim(predict(model, numbers(2, 8, 8, 3))), c(2L, 8L, 8L, 192L)))

# A residual connection: the image, plus what the convolution makes of it.
residual <- '
spec: 1
name: residual
params: {size: 256}
inputs:
  image: {shape: [=size, =size, 3]}
graph:
  added: [image, residual: [Conv2D: {filters: 3, kernel_size: 3, padding: same}]]
outputs:
  added: {loss: mse}
'
model <- zoo_model(text = residual)
show("residual connection", model)
stopifnot(model$num_parameters == 84)
model <- zoo_model(text = residual, size = 8)
images <- numbers(16, 8, 8, 3)
model |> fit(images, images, epochs = 2)

# A model as a layer: one vision model, called on both digits.
digits <- '
spec: 1
name: digits
inputs:
  digit_a: {shape: [27, 27, 1]}
  digit_b: {shape: [27, 27, 1]}
models:
  vision:
    inputs: {digit: {shape: [27, 27, 1]}}
    graph:
      code:
        - digit
        - repeat: {times: 2, do: [Conv2D: {filters: 64, kernel_size: 3}]}
        - MaxPooling2D: 2
        - Flatten
    outputs: [code]
graph:
  a:    [digit_a, vision]
  b:    [digit_b, vision]
  same: [[a, b], Concatenate, Dense: {units: 1, activation: sigmoid}]
outputs:
  same: {loss: binary_crossentropy}
'
model <- zoo_model(text = digits)
show("model as a layer", model)
stopifnot(model$num_parameters == 53057)
model |> fit(list(digit_a = numbers(8, 27, 27, 1), digit_b = numbers(8, 27, 27, 1)), rep(0:1, 4), batch_size = 4)

# time_distributed: a model on every frame of a video, and an LSTM over the frames.
video <- '
spec: 1
name: video
inputs:
  video: {shape: [5, 16, 16, 3]}
models:
  vision:
    inputs: {frame: {shape: [16, 16, 3]}}
    graph:
      code: [frame, Conv2D: {filters: 4, kernel_size: 3, activation: relu}, GlobalAveragePooling2D]
    outputs: [code]
graph:
  frames: [video, TimeDistributed: vision]
  answer: [frames, LSTM: 8, Dense: {units: 3, activation: softmax}]
outputs:
  answer: {loss: sparse_categorical_crossentropy}
'
model <- zoo_model(text = video)
show("time_distributed", model)
videos <- numbers(12, 5, 16, 16, 3)
model |> fit(videos, factor(rep(c("cat", "dog", "none"), 4)), epochs = 2)
stopifnot(identical(dim(predict(model, videos)), c(12L, 3L)))

cat("all as it should be\n")
