"""``Trained``'s methods that look at what it has learnt; each view has a file of its name beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zoo.train.trained_methods import TrainedMethods
from zoo.train.views.attention import attention
from zoo.train.views.factors import factors
from zoo.train.views.importance import importance
from zoo.train.views.occlusion import occlude
from zoo.train.views.sanity import sanity

if TYPE_CHECKING:
    from zoo.explain.attention import AttentionMaps
    from zoo.explain.cells import By
    from zoo.explain.explanation import Explanation
    from zoo.explain.factors import Factors
    from zoo.explain.occlusion import Occlusion
    from zoo.explain.permutation import Importance
    from zoo.explain.sanity import Sanity


class ViewMethods(TrainedMethods):
    """From data to what the model looks at."""

    def explain(
        self,
        data: Any = None,
        part: str = "test",
        *,
        output: str | None = None,
        target: Any = None,
        method: str = "integrated_gradients",
        baseline: Any = "mean",
        of: str = "output",
        step: int | None = None,
        windows: int | None = 256,
        tolerance: float = 0.01,
        steps: int | None = None,
        by: By | None = None,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Explanation:
        """What each number of a window brings to an output: integrated gradients.

        They add up to what the output differs by from the baseline's; how far they miss it, the completeness
        gap, is always in the result, and gradients are added until it is within the tolerance. Words are
        attributed at their embeddings. Numbers are those that the model sees: scaled.

        Args:
            data, part, scaled: as in ``predict``.
            output: by name; the first one when None.
            target: a class by name or number, or one of several numbers an output gives; each window's
                predicted class, or the first number, when None.
            method: ``integrated_gradients``, ``gradient_x_input`` or ``smoothgrad``. What else
                ``zoo explain --method`` knows are functions of their own: ``importance`` (permutation),
                ``occlusion``, ``factors``, ``attention``, ``sanity``.
            baseline: what a window is set against: ``mean`` or ``median`` of the training part (of the data
                given, where a bundle has that part no longer), ``expected`` (16 windows drawn from it:
                expected gradients), ``zeros``, or a window as ``predict`` takes it.
            of: ``output``, such as a class's probability, or ``logits``, before the last activation.
            step: of an output of each step, counted from 0; the last one when None.
            windows: at most so many, evenly spread; None for all.
            tolerance: of each window's gap, relative to what the output changes by.
            steps: gradients along the line, a fixed number instead of the tolerance; for ``smoothgrad``
                noisy copies.
            by: what the tables are grouped by, as in ``importance``; ``.frame(by)`` gives any other of the
                same attributions. None: by feature, level and time.
            seed: of what is drawn.

        Raises:
            TrainError: ``explain.method``, ``explain.output``, ``explain.target``, ``explain.baseline`` and
                the like, with what there is.

        Source: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks" (2017).

        Example:
            >>> import zoo
            >>> run = zoo.train("hrnn_lob", epochs=1)  # doctest: +SKIP
            >>> print(run.explain(target="up", by=["side", "level"]))  # doctest: +SKIP
        """
        from zoo.train.views.explain import explain

        return explain(
            self._run,
            data,
            part,
            output=output,
            target=target,
            method=method,
            baseline=baseline,
            of=of,
            step=step,
            windows=windows,
            tolerance=tolerance,
            steps=steps,
            by=by,
            seed=seed,
            scaled=scaled,
        )

    def importance(
        self,
        data: Any = None,
        part: str = "test",
        *,
        by: By = "feature",
        repeats: int = 5,
        metric: str | None = None,
        within: str = "session",
        block: int = 1,
        time_block: int | None = None,
        windows: int | None = 1000,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Importance:
        """Permutation importance: how much worse the model is once numbers come from other windows.

        The numbers of a group are exchanged between windows, all of them in the same way, and the rest stays.
        A number that another one tells as well costs little: ask for groups of what goes together.

        Args:
            data, part, scaled: as in ``evaluate``; here a part may be named.
            by: what makes a group: ``feature``, ``level``, ``field``, ``side``, ``input``, ``time``, or
                several of them; or a map, name of a group → its features.
            repeats: permutations of each group.
            metric: a score of the report. None: macro-F1 of classes, mean absolute error of numbers.
            within: ``session`` exchanges numbers within a session or symbol, ``all`` among all windows.
            block: windows that stay neighbours; 1 permutes single ones. A model that carries a state sees
                whole stretches of other numbers where this is larger.
            time_block: steps that are one group where ``by`` says ``time``; a tenth of the window when None.
            windows: so many at most, evenly spread; None is all. The model goes through them once for each
                permutation of each group.
            seed: of the permutations; the run's own when None.

        Raises:
            TrainError: ``explain.by``, ``explain.metric``, ``explain.within``, ``explain.repeats``,
                ``explain.block``; no data, or none with targets. DataError: a file that does not fit.

        Source: Breiman 2001, as Fisher, Rudin and Dominici 2019 have it for any model; the intervals draw
        blocks of neighbouring windows anew.

        Example:
            >>> import zoo
            >>> run = zoo.train("hrnn_lob", epochs=1)  # doctest: +SKIP
            >>> print(run.importance(by="level"))  # doctest: +SKIP
        """
        return importance(
            self._run,
            data,
            part,
            by=by,
            repeats=repeats,
            metric=metric,
            within=within,
            block=block,
            time_block=time_block,
            windows=windows,
            seed=seed,
            scaled=scaled,
        )

    def occlusion(
        self,
        data: Any = None,
        part: str = "test",
        *,
        output: str | None = None,
        target: str | int | None = None,
        by: By = "feature",
        patch: tuple[int, int] | None = None,
        baseline: str = "mean",
        windows: int | None = 64,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Occlusion:
        """What an output loses as patches of a window are covered: an attribution for each number.

        What a patch is worth is shared by its numbers, so that sums over them are in the output's unit. Steps
        and features that work together are worth more than the sum of their patches.

        Args:
            data, part, scaled: as in ``predict``.
            output: which one; the first when None.
            target: name of a class, or a number's place from 0. None: the class that the model says for each
                window, or the first number.
            by: how the frame groups the numbers; as in ``importance``.
            patch: its steps and features; a tenth of the window's steps of one feature when None.
            baseline: what covers it: ``mean``, the mean window of the training part (of these windows where
                that part is not at hand), or ``zeros``. Words are covered by 0.
            windows: so many at most, evenly spread.
            seed: of the interval's draws; the run's own when None.

        Raises:
            TrainError: ``explain.output``, ``explain.target``, ``explain.by``, ``explain.patch``,
                ``explain.baseline``, ``explain.windows``; no data.

        Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks".
        """
        return occlude(
            self._run,
            data,
            part,
            output=output,
            target=target,
            by=by,
            patch=patch,
            baseline=baseline,
            windows=windows,
            seed=seed,
            scaled=scaled,
        )

    def attention(
        self,
        data: Any = None,
        part: str = "test",
        *,
        window: int | None = None,
        windows: int | None = 256,
        scaled: bool | None = None,
    ) -> AttentionMaps:
        """What the layers that attend weigh their steps by: the mean over windows, or one window's.

        Args:
            data, part, scaled: as in ``predict``.
            window: which one, from 0, as ``predict`` counts them; None is the mean over ``windows`` of them.
            windows: so many at most, evenly spread.

        Raises:
            TrainError: ``explain.no_attention``, no layer attends; ``explain.window``, no such window.
        """
        return attention(self._run, data, part, window=window, windows=windows, scaled=scaled)

    def factors(
        self,
        data: Any = None,
        part: str = "test",
        *,
        windows: int | None = None,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Factors:
        """The factor report: how each feature goes together with the model's output, and with the truth.

        Pearson's and Spearman's correlations over the windows, of each feature at the window's end and of its
        mean over the window, with the probability of each class or with each number; intervals from drawing
        blocks of neighbouring windows anew.

        Args:
            data, part, scaled: as in ``evaluate``; here a part may be named.
            windows: so many at most, evenly spread; None is all.
            seed: of the draws; the run's own when None.

        Raises:
            TrainError: ``explain.factors``, no input of numbers, outputs of too many; no data with targets.
        """
        return factors(self._run, data, part, windows=windows, seed=seed, scaled=scaled)

    def sanity(
        self,
        data: Any = None,
        part: str = "test",
        *,
        method: str = "occlusion",
        output: str | None = None,
        windows: int | None = 64,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Sanity:
        """Do attributions follow what the model has learnt? Layer by layer its weights are made random.

        Attributions that stay the same tell of the inputs, or of the architecture, and not of the model. They
        are of the class that the model says for each window, or of an output's first number. The weights are
        changed in a copy: the model's own are only read.

        Args:
            data, part, scaled: as in ``predict``.
            method: ``occlusion``, or one of ``explain``.
            output: which one; the first when None.
            windows: so many at most, evenly spread.
            seed: of the random weights; one that follows from the run's own when None.

        Raises:
            TrainError: ``explain.method``, ``explain.output``, ``explain.windows``; no data.

        Source: the cascading randomisation of Adebayo et al. 2018, "Sanity Checks for Saliency Maps".
        """
        return sanity(
            self._run, data, part, method=method, output=output, windows=windows, seed=seed, scaled=scaled
        )
