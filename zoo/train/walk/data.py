"""A spec's data as a walk sees it: all samples in time order, and what a step trains on and predicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.train import sources
from zoo.train.parts import Sample

if TYPE_CHECKING:
    from zoo.data import Part, Pipeline, Prepared
    from zoo.data.folds import Fold
    from zoo.data.timeline import Timeline
    from zoo.train.trained import Trained


@dataclass(frozen=True, eq=False)
class WalkData:
    """What all steps of a walk have.

    Args:
        prepared: all data as one part. What is fitted there has seen the future: only names of rows and
            classes, and what the data are, may be taken from it.
        timeline: the same data on their clock.
    """

    prepared: Prepared
    timeline: Timeline

    @classmethod
    def of(cls, run: Trained, data: Any) -> WalkData:
        """The data of a run that is to walk.

        Raises:
            DataError: the data does not fit the recipe. TrainError: code ``train.walk_order``.
        """
        from zoo.data.timeline import ALL_TRAINING, timeline_of

        tasks = run.tasks
        prepared = sources.prepare(run.spec, data, tasks, split=ALL_TRAINING)
        random = (
            not prepared.pipeline.reads_files and (run.spec.data.get("split") or {}).get("by") == "random"
        )
        if prepared.toy and not prepared.pipeline.reads_files or random:
            raise TrainError(
                "these samples have no order in time: no walk goes through them, and their split is random",
                help="`zoo train` takes them as they are",
                code="train.walk_order",
            )
        prepared.pipeline.recipe["split"] = run.spec.data.get("split")
        source = sources.checked_arrays(run.spec, data, tasks) if sources.is_pair(data) else data
        shapes = {name: task.data_shape for name, task in tasks.items()}
        return cls(prepared, timeline_of(prepared.pipeline, source, shapes))

    def part(self, fold: Fold) -> FoldData:
        """The data as a fold sees them."""
        return FoldData(*self.timeline.part(fold))


@dataclass(frozen=True, eq=False)
class FoldData:
    """All samples, scaled and labelled by what the training part of one fold says.

    Args:
        pipeline: fitted on that part.
        whole: all samples.
        places: (sample of the timeline,) place of each in ``whole``, -1 where it is none.
    """

    pipeline: Pipeline
    whole: Part
    places: np.ndarray

    def sample(self, run: Trained, numbers: np.ndarray) -> Sample:
        """Some of the timeline's samples, in the order of their rows."""
        places = self.places[numbers]
        return sources.sample_of(self.whole.take(np.sort(places[places >= 0])), run.tasks)
