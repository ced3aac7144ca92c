test_that("a choice or a name may be a factor", {
  asked <- local_table(
    list_models = function(...) value(data.frame(name = "a", tags = "")), predict = function(...) value(list(single = TRUE, outputs = list(y = 1))),
    spec = function(...) value(list(handle = number(kind = "spec"), name = "toy", params = list()))
  )
  predict(toy_model(), type = factor("prob"), part = factor("val"))
  zoo_list(factor("lstm"), sort = factor("params"))
  zoo_spec(factor("hrnn_lob"))
  told <- lapply(asked$calls, function(call) call$arguments)
  expect_identical(told[[1]][c("type", "part")], list(type = "prob", part = "val"))
  expect_identical(told[[2]][c("query", "sort")], list(query = "lstm", sort = "params"))
  expect_identical(told[[3]]$source, "hrnn_lob")
  expect_error(predict(toy_model(), type = factor("clas")), "not \"clas\"", class = "speczoo_argument_error")
  expect_error(predict(toy_model(), type = factor(c("prob", "class"))), class = "speczoo_argument_error")
})

test_that("what is NULL is told where there must be something", {
  model <- toy_model()
  expect_error(fit(model, NULL, 1), "`x` is NULL", class = "speczoo_argument_error")
  expect_error(zoo_forecast(model, NULL), "`n` is NULL", class = "speczoo_argument_error")
  expect_error(zoo_push(structure(list(), class = "speczoo_stream"), NULL), "`snapshot` is NULL", class = "speczoo_argument_error")
  expect_error(zoo_windows(NULL, 5), "`data` is NULL", class = "speczoo_argument_error")
  expect_error(zoo_model(NULL), "`spec` is missing", class = "speczoo_argument_error")
  expect_error(zoo_check(NULL), "`source` is missing", class = "speczoo_argument_error")
})

test_that("misspelt arguments name the nearest one", {
  model <- toy_model()
  expect_snapshot(error = TRUE, {
    fit(model, 1, 1, epoch = 5)
    fit(model, 1, 1, 5)
    predict(model, 1, tipe = "class")
    predict(model, 1, type = "clas")
    compile(model, optimiser = "adam")
    evaluate(model, 1, 1, batchsize = 2)
    evaluate(1, 2)
  })
})

test_that("values of the wrong kind are refused before Python is asked", {
  asked <- local_table()
  model <- toy_model()
  expect_snapshot(error = TRUE, {
    fit(model, 1, 1, epochs = 1.5)
    fit(model, 1, 1, epochs = NA)
    fit(model, 1, 1, validation_data = 3)
    zoo_open(3)
    zoo_save("m", "file.zoo")
    zoo_spec(7)
    zoo_spec("hrnn_lob", 64)
    zoo_model(structure(list(), class = "speczoo_spec"), window = 3)
    zoo_train("hrnn_lob", seed = -1)
    zoo_list(tag = 3)
    zoo_list(sort = c("name", "params"))
    zoo_model("spec: 1\nname: mine\n")
    zoo_check("spec: 1\nname: mine\n")
    zoo_show(7)
    zoo_show("hrnn_lob", 64)
    zoo_train(toy_model())
    zoo_train(3)
    zoo_check(toy_model())
  })
  expect_length(asked$calls, 0)
})

test_that("forgotten arguments are named, with what to write", {
  model <- toy_model()
  expect_snapshot(error = TRUE, {
    fit(model)
    fit(model, 1)
    fit(model, y ~ a, data.frame(y = 1, a = 2))
    zoo_train()
    zoo_save(model)
    zoo_open()
    zoo_part()
    zoo_rule()
    zoo_check(3)
    zoo_spec("hrnn_lob", window = NA)
    fit(model, 1, 1, verbose = "yes")
    zoo_train("hrnn_lob", clean = "dorp")
  })
})

test_that("a misspelt argument of zoo_train is no parameter", {
  spec <- structure(list(), class = "speczoo_spec")
  expect_snapshot(zoo_train(spec, epoch = 3), error = TRUE)
  local_table(spec = function(...) {
    told <- data.frame(code = "P104", message = "the spec has no parameter `epoch`", help = "")
    failure("error[P104]: ...", class = "speczoo_spec_error", diagnostics = told)
  })
  expect_snapshot(zoo_train("hrnn_lob", epoch = 3), error = TRUE)
})

test_that("what a spec that was read already holds may be said again, and not changed", {
  spec <- structure(
    list(handle = speczoo:::new_handle(number(kind = "spec")), params = list(window = 10L)), class = "speczoo_spec"
  )
  local_table(model = function(...) value(card()), seed_of = function(...) value(3L))
  expect_s3_class(zoo_model(spec, window = 10), "speczoo_model")
  expect_snapshot(zoo_model(spec, window = 12), error = TRUE)
})

test_that("a whole run takes a spec's text, by its name and as zoo_new() returns it", {
  asked <- local_table(
    spec = function(...) value(list(handle = number(kind = "spec"), name = "toy", params = list())),
    train = function(...) value(card()), train_table = function(...) value(card()), seed_of = function(...) value(3L)
  )
  frame <- data.frame(y = 1:3, a = 4:6)
  page <- speczoo:::new_text("spec: 1")
  zoo_train(text = c("spec: 1", "name: toy"), data = list(x = 1, y = 2))
  zoo_train(y ~ a, text = "spec: 1", data = frame)
  zoo_train(page, y ~ a, data = frame)
  texts <- lapply(Filter(function(call) call$name == "spec", asked$calls), function(call) call$arguments[c("source", "text")])
  expect_equal(texts[[1]], list(source = NULL, text = c("spec: 1", "name: toy")))
  expect_equal(unique(texts[-1]), list(list(source = NULL, text = "spec: 1")))
})

test_that("a spec that was read is checked by its text", {
  asked <- local_table(check = function(...) value(list(ok = TRUE, text = "", diagnostics = data.frame())))
  expect_true(zoo_check(structure(list(yaml = "spec: 1"), class = "speczoo_spec"))$ok)
  expect_equal(asked$calls[[1]]$arguments, list(source = NULL, text = "spec: 1"))
})

test_that("a bundle gets its ending where the path has none", {
  asked <- local_table(save = function(...) value(NULL))
  for (path in c("runs.d/model", "model.bin")) zoo_save(toy_model(), path)
  paths <- lapply(Filter(function(call) call$name == "save", asked$calls), function(call) call$arguments$path)
  expect_equal(paths, list("runs.d/model.zoo", "model.bin"))
})

test_that("the keras way to name evaluate's arguments works", {
  asked <- local_table(evaluate = function(...) value(list(score = list(loss = 0.5, accuracy = 0.75))))
  model <- toy_model()
  expect_equal(evaluate(model, x = matrix(1), y = 2), c(loss = 0.5, accuracy = 0.75))
  expect_equal(asked$calls[[1]]$arguments[c("x", "y")], list(x = matrix(1), y = 2))
})
