"""Deploy ETV as a careless process owner would leave it: without the four-eyes step. Run as a module on a site."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import django
from lxml import etree

REMOVED = {"review_proposal", "review_proposal_reminder", "review_proposal_reminded"}


def without_review(model: bytes) -> bytes:
    """Return a model without its review step, and without every flow and drawing that led to or from it."""
    tree = etree.fromstring(model)
    flows = {
        flow.get("id")
        for flow in tree.iter("{*}sequenceFlow")
        if {flow.get("sourceRef"), flow.get("targetRef")} & REMOVED
    }
    gone = REMOVED | flows
    for element in list(tree.iter("{*}*")):
        refers = element.get("bpmnElement") or element.get("id")
        named = element.text if etree.QName(element).localname in {"incoming", "outgoing", "flowNodeRef"} else None
        if refers in gone or named in gone:
            element.getparent().remove(element)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def main() -> None:
    """Deploy the model and print which version it became."""
    django.setup()
    from django.conf import settings

    from workflow_app.engine import bundles
    from workflow_app.modeler import services
    from workflow_app.organisation.demo import person_id

    files = dict(bundles.read_bundle(settings.BEREDD_BPMN_DIR / "etv"))
    name = next(name for name, text in files.items() if b'<bpmn:userTask id="review_proposal"' in text)
    files[name] = without_review(files[name])
    definition = services.deploy(files=files, by=str(person_id("PO-01")), at=datetime.now(UTC))
    sys.stdout.write(f"{definition.process_key} version {definition.version}\n")


if __name__ == "__main__":
    main()
