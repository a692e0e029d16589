"""What can happen to a batch at a step."""

from cases import batches
from portal.rehearsals.reading import Step
from portal.rehearsals.scene import Misspelt, Scene
from publicity import steps as publicity_steps


def gather(step: Step, scene: Scene) -> None:
    name, cases = step.facts["gather"], scene.named_cases(step)
    if not cases:
        raise Misspelt("gather 要写 cases：把哪几件编成一批")
    by = scene.person(step, "经办人")
    scene.batches[name] = batches.create(cases[0].procedure, cases, by=by, at=step.at, label=name)


def take_out(step: Step, scene: Scene) -> None:
    case = scene.case(step)
    if case.batch is None:
        raise Misspelt(f"{case} 不在批次里")
    by, reason = scene.person(step, "经办人"), step.facts["take_out"]
    batches.remove(case.batch, [case], reason=reason, by=by, at=step.at)


def split_off(step: Step, scene: Scene) -> None:
    name, cases = step.facts["split_off"], scene.named_cases(step)
    if not cases or cases[0].batch is None:
        raise Misspelt("split_off 要写 cases：从一批里分出哪几件")
    by = scene.person(step, "经办人")
    scene.batches[name] = batches.split(
        cases[0].batch, cases, reason="演练：另行办理。", by=by, at=step.at, label=name
    )


def publicise(step: Step, scene: Scene) -> None:
    publicity_steps.open_batch(
        scene.batch(step.facts["publicise_batch"]),
        by=scene.person(step, "经办人"),
        at=step.at,
        without_rest=step.facts.get("without_rest", False),
    )
