from __future__ import annotations

from pathlib import Path

from zoo.spec import check_text
from zoo.spec.tools.sarif import sarif

BAD = """\
spec: 1
name: x
inputs: {book: {shape: [10, 2]}}
layers: {encoder: {LSTM: 4}}
graph: {y: [book, encodr], z: [book, encoder]}
outputs: {y: {loss: mse}, z: {loss: mse}}
"""


def test_a_run_has_what_the_standard_asks_for():
    reports = [
        check_text(BAD, "specs/a b.yaml"),
        check_text(BAD, str(Path.cwd() / "x.yaml")),
        check_text("", "/else/e.yaml"),
    ]
    log = sarif(reports, "1.2.3")
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "zoo" and driver["version"] == "1.2.3"
    ids = [rule["id"] for rule in driver["rules"]]
    assert ids == sorted(set(ids)) and "G201" in ids
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in driver["rules"])
    results = run["results"]
    assert len(results) == sum(len(report.diagnostics) for report in reports)
    for result in results:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        for place in result["locations"]:
            region = place["physicalLocation"]["region"]
            assert region["startLine"] >= 1 and region["startColumn"] >= 1
            assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
    uris = [item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in results]
    assert "specs/a%20b.yaml" in uris and "x.yaml" in uris and "file:///else/e.yaml" in uris
    found = next(item for item in results if item["ruleId"] == "G201")
    assert "did you mean `encoder`?" in found["message"]["text"]
    assert found["relatedLocations"][0]["message"]["text"] == "a similar name is declared here"
