test_that("a dry run prints the commands and makes nothing", {
  local_search()
  folder <- file.path(getwd(), "new env")
  shown <- capture.output(zoo_install(folder, python = "python3", dry_run = TRUE))
  program <- speczoo:::interpreter(folder)
  expect_equal(shown, c(
    sprintf("python3 -m venv '%s'", folder),
    sprintf(
      "'%s' -m pip install --disable-pip-version-check --upgrade 'speczoo[r]==%s'", program,
      utils::packageVersion("speczoo")
    )
  ))
  expect_false(dir.exists(folder))
})

test_that("an environment that exists is kept; by default it is where the package looks", {
  local_search()
  environment_with(folder = speczoo:::own_environment())
  shown <- capture.output(zoo_install(python = "python3", dry_run = TRUE))
  expect_length(shown, 1)
  expect_match(shown, speczoo:::own_environment(), fixed = TRUE)
})

test_that("a checkout or a wheel is what pip is given", {
  local_search()
  file.create("pyproject.toml", "speczoo-0.1.0-py3-none-any.whl")
  here <- normalizePath(getwd())
  expect_equal(speczoo:::requirement("."), paste0(here, "[r]"))
  expect_equal(
    speczoo:::requirement("speczoo-0.1.0-py3-none-any.whl"), paste0(here, "/speczoo-0.1.0-py3-none-any.whl[r]")
  )
  expect_snapshot(zoo_install(source = "elsewhere"), error = TRUE)
})

test_that("it asks before it makes anything", {
  local_search()
  local_function("agreed", function(lines) FALSE)
  expect_error(zoo_install("env", python = "python3", ask = TRUE), "nothing was installed", class = "speczoo_install_error")
  expect_false(dir.exists("env"))
})

test_that("a command that fails is named with its status", {
  skip_on_os("windows")
  output <- capture.output(
    error <- expect_error(
      speczoo:::run_command(c("sh", "-c", "exit 3"), "sh -c 'exit 3'"), class = "speczoo_install_error"
    )
  )
  expect_equal(output, "$ sh -c 'exit 3'")
  expect_match(conditionMessage(error), "exit status 3")
})

test_that("the commands are run in their order, and the environment is the one that is found", {
  skip_on_os("windows")
  local_search()
  # In the place of a Python: it notes what it is asked for, and makes an environment of itself.
  writeLines(c(
    "#!/bin/sh", "echo \"$@\" >> asked",
    "if [ \"$2\" = venv ]; then mkdir -p \"$3/bin\" && cp \"$0\" \"$3/bin/python\"; fi"
  ), "python")
  Sys.chmod("python", "755")
  shown <- capture.output(
    made <- suppressMessages(zoo_install(python = file.path(getwd(), "python"), ask = FALSE))
  )
  environment <- speczoo:::own_environment()
  expect_equal(made, speczoo:::interpreter(environment))
  expect_equal(readLines("asked"), c(
    paste("-m venv", environment),
    sprintf("-m pip install --disable-pip-version-check --upgrade speczoo[r]==%s", utils::packageVersion("speczoo"))
  ))
  expect_length(shown, 2)
  expect_equal(speczoo:::find_python(), made)
})
