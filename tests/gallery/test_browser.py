"""The gallery in a headless Chromium, from the file system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.gallery.browser import Browser, started
from tests.gallery.reading import HOSTILE
from zoo.build.gallery.write import write
from zoo.spec.catalogue import paths

SQUASH = {"node-squash", "node-squash.3a2"}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with started(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser; its test fails when a page complains or asks for anything but the gallery's files."""
    chromium.media(
        prefers_reduced_motion="reduce"
    )  # a smooth scroll would still be under way at the next step
    chromium.requests()
    yield chromium
    assert chromium.problems() == []
    assert [url for url in chromium.requests() if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.fixture
def twice_page(browser: Browser, twice: Path) -> Browser:
    browser.open(twice / "models" / "twice.html")
    return browser


def test_every_page_opens_and_fits_a_phone(browser: Browser, gallery: Path):
    for path in (gallery / "index.html", *sorted((gallery / "models").iterdir())):
        browser.open(path, width=390, height=844)
        assert browser.problems() == [], path
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), path
        assert browser.text("h1") == ("The zoo" if path.name == "index.html" else path.stem)


def test_markup_in_a_spec_does_nothing(browser: Browser, tmp_path: Path):
    (tmp_path / "hostile.yaml").write_text(HOSTILE)
    gallery = write(tmp_path / "gallery", [tmp_path / "hostile.yaml"]).parent
    for page in ("index.html", "models/hostile.html"):
        browser.open(gallery / page)  # an alert would fail every later step
        assert browser.text("h1") in ("The zoo", "<script>alert('name')</script>")
    browser.point(".node.layer .what")
    assert browser.text(".inspector").startswith('"><img src=x onerror=alert(1)>&amp;\\N Dense')


def test_words_and_tags_choose_models(browser: Browser, gallery: Path):
    browser.open(gallery / "index.html")
    everything = browser.shown(".models h3")
    assert sorted(everything) == sorted(paths())
    browser.find("#words").send_keys("shared lstm")
    few = browser.shown(".models h3")
    assert "siamese_tweets" in few and len(few) < len(everything)
    assert browser.text(".count") == ("1 model" if len(few) == 1 else f"{len(few)} models")
    browser.find("#words").clear()
    browser.find("#words").send_keys("deeplob")
    browser.find("button[data-tag=attention]").click()
    assert browser.shown(".models h3") == ["deeplob_attention"]
    assert browser.shown(".folder h2") == ["Limit order books"]
    assert browser.find("button[data-tag=attention]").get_attribute("aria-pressed") == "true"
    browser.find("#words").send_keys(" nothinglikeit")
    assert browser.shown(".models h3") == []
    assert browser.shown(".none") == ["No model has all of these words."]


def test_a_tag_of_a_model_leads_to_the_models_that_have_it(browser: Browser, gallery: Path):
    browser.open(gallery / "models" / "deeplob_attention.html")
    browser.find(".tags a[href$='attention']").click()
    found = browser.shown(".models h3")
    assert "deeplob_attention" in found and "headline" not in found


def test_pointing_at_a_node_says_what_it_is_and_lights_its_step(twice_page: Browser):
    twice_page.point("#node-many__time_distributed_1 .what")
    said = twice_page.text(".inspector")
    assert all(
        part in said for part in ("TimeDistributed", "takes\n5×4", "gives\n5×3", "weights\n15", "line 18")
    )
    assert twice_page.ids(".place.lit") == {"at-18-17"}
    assert twice_page.ids(".line.lit") == {"L18"}
    assert twice_page.ids(".cluster.lit") == {"model-code"}


def test_pointing_at_one_call_of_a_shared_layer_lights_all_of_them(twice_page: Browser):
    for node in sorted(SQUASH):
        twice_page.point(f'[id="{node}"] .what')
        assert twice_page.ids("a.node.lit") == {node}
        assert twice_page.ids("a.node.mate") == SQUASH - {node}
        assert "of 2, same weights" in twice_page.text(".inspector")
    twice_page.point("h1")
    assert twice_page.ids("a.node.lit, a.node.mate") == set()


def test_pointing_at_a_line_lights_its_nodes(twice_page: Browser):
    twice_page.point("#L16 .section, #L16 .key")
    made = {"node-answer__0__dense_1", "node-answer__0__activation_1"}
    made |= {name.replace("__0__", "__1__") for name in made}
    assert twice_page.ids("a.node.lit") == made
    twice_page.point("#at-9-12")
    assert twice_page.ids("a.node.lit") == SQUASH
    assert twice_page.text(".inspector") == "2 nodes 2 × Dense"


def test_a_click_stays_until_escape_and_leads_there_and_back(browser: Browser, gallery: Path):
    browser.open(gallery / "models" / "deeplob.html", width=1280, height=700)
    browser.find("#node-book .name").click()
    (word,) = browser.ids(".place.lit")
    assert browser.run(f"document.getElementById('{word}').getBoundingClientRect().bottom <= innerHeight")
    browser.point("h1")
    assert browser.ids("a.node.lit") == {"node-book"}
    step = browser.find("#node-direction").get_dom_attribute("href")
    browser.find(f'[id="{step[1:]}"]').click()
    browser.point("h1")
    assert browser.ids("a.node.lit") == {"node-direction"}
    inside = "document.querySelector('.canvas').getBoundingClientRect()"
    node = "document.getElementById('node-direction').getBoundingClientRect()"
    assert browser.run(f"{node}.top >= {inside}.top && {node}.bottom <= {inside}.bottom")
    assert browser.driver.current_url.endswith(step)
    browser.press(Keys.ESCAPE)
    assert browser.ids("a.node.lit, .place.lit") == set()
    browser.find("#node-direction .what").click()
    assert browser.ids("a.node.lit") == {"node-direction"}
    browser.find("h1").click()
    assert browser.ids("a.node.lit, .place.lit") == set()


def test_the_figure_is_one_stop_of_tab_and_the_arrows_go_through_it(twice_page: Browser):
    twice_page.press(Keys.TAB)
    assert twice_page.run("document.activeElement.textContent") == "Skip to the model"
    seen = []
    for _ in range(12):
        twice_page.press(Keys.TAB)
        seen.append(str(twice_page.run("document.activeElement.classList.value")).split(" ")[0])
    assert seen.count("node") == seen.count("place") == 1
    twice_page.run("document.getElementById('node-steps').focus()")
    assert "gives\n5×4" in twice_page.text(".inspector")
    twice_page.press(Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert twice_page.ids("a.node.lit") == {"node-many__time_distributed_1"}
    twice_page.press(Keys.END, Keys.ARROW_DOWN)
    assert twice_page.ids("a.node.lit") == {"node-code.2fy"}
    twice_page.press(Keys.HOME)
    assert twice_page.ids("a.node.lit") == {"node-steps"}


def test_a_link_to_a_node_shows_it(browser: Browser, gallery: Path):
    browser.open(gallery / "models" / "headline.html", "#node-aux_output")
    assert browser.ids("a.node.lit") == {"node-aux_output"}
    assert "aux_output" in browser.text(".inspector")


def test_a_short_spec_stands_beside_its_figure_on_one_screen(browser: Browser, gallery: Path):
    browser.open(gallery / "models" / "siamese_tweets.html", width=1440, height=900)
    for element in (".spec pre:last-child", ".canvas svg"):
        assert browser.run(
            f"document.querySelector('{element}').getBoundingClientRect().bottom <= innerHeight"
        )
    source = browser.find(".spec details .line")
    assert not source.is_displayed()
    browser.find(".spec summary").click()
    assert source.is_displayed()


def test_the_whole_figure_fits_on_demand(browser: Browser, gallery: Path):
    browser.open(gallery / "models" / "deeplob.html", width=1280, height=700)
    overflows = "(c => c.scrollHeight > c.clientHeight)(document.querySelector('.canvas'))"
    assert browser.run(overflows)
    browser.find("button.whole").click()
    assert not browser.run(overflows)
    assert browser.run("document.querySelector('.canvas svg').getBoundingClientRect().height > 200")


def test_what_a_reader_prefers_is_kept(browser: Browser, gallery: Path):
    colour = "getComputedStyle(document.body).backgroundColor"
    browser.media(prefers_color_scheme="light", prefers_reduced_motion="no-preference")
    browser.open(gallery / "models" / "headline.html")
    light = browser.run(colour)
    assert browser.run("getComputedStyle(document.documentElement).scrollBehavior") == "smooth"
    browser.media(prefers_color_scheme="dark", prefers_reduced_motion="reduce")
    assert browser.run(colour) != light == "rgb(255, 255, 255)"
    assert browser.run("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_it_reads_without_its_script(browser: Browser, gallery: Path):
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(gallery / "index.html")
        assert not browser.find("form.search").is_displayed()
        assert len(browser.shown(".models h3")) == len(paths())
        browser.find('a[href="models/headline.html"]').click()
        assert browser.find("#node-aux_output").is_displayed()
        step = browser.find("#node-aux_output").get_dom_attribute("href")
        browser.find("#node-aux_output .what").click()
        assert browser.driver.current_url.endswith(f"headline.html{step}")
        assert not browser.find(".inspector").is_displayed()
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("page", ["index.html", "models/headline.html"])
def test_landmarks_headings_and_labels(browser: Browser, gallery: Path, page: str):
    browser.open(gallery / page)
    assert [len(browser.all(tag)) for tag in ("main", "h1", "footer")] == [1, 1, 1]
    assert browser.run("document.documentElement.lang") == "en"
    levels = [int(item.tag_name[1]) for item in browser.all("h1, h2, h3")]
    assert all(later <= earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False))
    for item in browser.all("input, button, section, nav, [role=group], [tabindex='0']"):
        assert item.accessible_name or not item.is_displayed(), item.get_attribute("outerHTML")
