"""What the notebooks read of the study: means, errors, differences in pairs."""

import json

import numpy as np
import pytest
from scipy import stats

from vit_helpers.classroom import study


@pytest.fixture
def small(tmp_path):
    """A study of two rows with three runs, and one with a single run."""
    path = tmp_path / "study.jsonl"
    table = {"a": "k0", "b": "k1", "c": "k2", "d": "k3"}
    about = {"data": "toys", "questions": {"which": table}, "rows": {k: {} for k in table.values()}}
    scores = {"k0": [0.70, 0.72, 0.74], "k1": [0.75, 0.78, 0.78], "k2": [0.71], "k3": []}
    runs = [
        {"data": "toys", "key": key, "seed": seed, "test": score, "train": 0.9, "probes": {}}
        for key, row in scores.items()
        for seed, score in enumerate(row)
    ]
    path.write_text("\n".join(map(json.dumps, [about, *runs])), encoding="utf-8")
    return study.read(path)


def test_rows_are_those_that_were_trained(small):
    rows = study.study_rows("which", "toys", small)
    assert [row.name for row in rows] == ["a", "b", "c"]
    assert rows[1].values() == {0: 0.75, 1: 0.78, 2: 0.78}


def test_difference_is_that_of_a_paired_t_test(small):
    a, b, _ = study.study_rows("which", "toys", small)
    mean, error, seen = study.difference(a, b)
    test = stats.ttest_rel([0.75, 0.78, 0.78], [0.70, 0.72, 0.74])
    assert mean / error == pytest.approx(test.statistic)
    assert seen == (test.pvalue < 0.05)
    assert study.difference(b, a)[0] == pytest.approx(-mean)


def test_equal_rows_and_single_runs_show_no_difference(small):
    a, _, c = study.study_rows("which", "toys", small)
    assert not study.difference(a, c)[2]
    assert study.difference(a, a)[0] == 0
    assert not study.difference(a, a)[2]


def test_mean_and_error_by_hand():
    mean, error = study.mean_and_error([1, 2, 6])
    assert mean == 3
    assert error == pytest.approx(np.sqrt(7 / 3))


def test_text_says_none_seen_where_there_is_none(small):
    text = study.as_text(small, "which", "toys")
    assert "**+5.0 ± 0.6**" in text
    assert "one run" in text


def test_unknown_questions_are_answered_with_the_list(small):
    with pytest.raises(ValueError, match="question='who' is unknown; choose one of 'which'"):
        study.study_rows("who", "toys", small)
    with pytest.raises(ValueError, match="data='cats' is unknown; choose one of 'toys'"):
        study.study_rows("which", "cats", small)
