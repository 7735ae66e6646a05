"""The accepted profile, as data: which BPMN elements, attributes and events a model may have."""

from __future__ import annotations

from workflow_app.engine.document import ACTIVITIES, BEREDD, EVENTS, FLOW_NODES, GATEWAYS

_COMMON = frozenset({"id", "name"})
_DEFINITION = frozenset({"id"})

#: Attributes an element may carry, by tag. A tag that is not here is refused.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "definitions": _COMMON | {"targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage"},
    "collaboration": _COMMON | {"isClosed"},
    "participant": _COMMON | {"processRef"},
    "messageFlow": _COMMON | {"sourceRef", "targetRef", "messageRef"},
    "message": _COMMON,
    "signal": _COMMON,
    "error": _COMMON | {"errorCode"},
    "escalation": _COMMON | {"escalationCode"},
    "category": _COMMON,
    "categoryValue": _COMMON | {"value"},
    "process": _COMMON | {"isExecutable", "processType", "isClosed"},
    "laneSet": _COMMON,
    "childLaneSet": _COMMON,
    "lane": _COMMON,
    "flowNodeRef": frozenset(),
    "incoming": frozenset(),
    "outgoing": frozenset(),
    "documentation": frozenset({"id", "textFormat"}),
    "extensionElements": frozenset(),
    "startEvent": _COMMON | {"isInterrupting", "parallelMultiple"},
    "endEvent": _COMMON,
    "intermediateCatchEvent": _COMMON | {"parallelMultiple"},
    "intermediateThrowEvent": _COMMON,
    "boundaryEvent": _COMMON | {"attachedToRef", "cancelActivity", "parallelMultiple"},
    "userTask": _COMMON | {"implementation"},
    "serviceTask": _COMMON | {"implementation"},
    "businessRuleTask": _COMMON | {"implementation"},
    "sendTask": _COMMON | {"implementation", "messageRef"},
    "receiveTask": _COMMON | {"implementation", "messageRef", "instantiate"},
    "callActivity": _COMMON | {"calledElement"},
    "subProcess": _COMMON | {"triggeredByEvent"},
    "exclusiveGateway": _COMMON | {"default", "gatewayDirection"},
    "inclusiveGateway": _COMMON | {"default", "gatewayDirection"},
    "parallelGateway": _COMMON | {"gatewayDirection"},
    "eventBasedGateway": _COMMON | {"gatewayDirection", "instantiate", "eventGatewayType"},
    "sequenceFlow": _COMMON | {"sourceRef", "targetRef", "isImmediate"},
    "conditionExpression": frozenset({"id", "language"}),
    "messageEventDefinition": _DEFINITION | {"messageRef"},
    "timerEventDefinition": _DEFINITION | {f"{{{BEREDD}}}calendar"},
    "signalEventDefinition": _DEFINITION | {"signalRef"},
    "escalationEventDefinition": _DEFINITION | {"escalationRef"},
    "errorEventDefinition": _DEFINITION | {"errorRef"},
    "terminateEventDefinition": _DEFINITION,
    "timeDuration": frozenset({"id", "language"}),
    "timeDate": frozenset({"id", "language"}),
    "timeCycle": frozenset({"id", "language"}),
    "multiInstanceLoopCharacteristics": frozenset({"id", "isSequential", "behavior"}),
    "dataObject": _COMMON | {"isCollection"},
    "dataObjectReference": _COMMON | {"dataObjectRef"},
    "dataInputAssociation": _DEFINITION,
    "dataOutputAssociation": _DEFINITION,
    "sourceRef": frozenset(),
    "targetRef": frozenset(),
    "property": _COMMON,
    "textAnnotation": _COMMON | {"textFormat"},
    "text": frozenset(),
    "association": _COMMON | {"sourceRef", "targetRef", "associationDirection"},
    "group": _COMMON | {"categoryValueRef"},
}

#: Attributes that are accepted only with the value that changes nothing.
FIXED: dict[str, frozenset[str]] = {
    "parallelMultiple": frozenset({"false", "0"}),
    "instantiate": frozenset({"false", "0"}),
    "eventGatewayType": frozenset({"Exclusive"}),
    "behavior": frozenset({"All"}),
    "implementation": frozenset({"##WebService", "##unspecified"}),
    "isImmediate": frozenset({"true", "1"}),
    "language": frozenset({"https://www.omg.org/spec/DMN/20191111/FEEL/", "urn:beredd:feel"}),
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
    "isForCompensation": frozenset({"false", "0"}),
}
#: Defaults that some editors write out; BPMN gives them to every activity.
for _tag in ACTIVITIES:
    ATTRIBUTES[_tag] |= {"startQuantity", "completionQuantity", "isForCompensation"}

#: Why an element outside the profile is refused, when there is more to say than that it is.
REASONS = {
    "scriptTask": "Skript körs aldrig; använd en serviceuppgift med en registrerad operation.",
    "script": "Skript körs aldrig.",
    "task": "Uppgiften saknar typ; välj användaruppgift, serviceuppgift eller en annan tillåten typ.",
    "manualTask": "Använd en användaruppgift, så att handlingen och den som gör den blir antecknade.",
    "import": "Filer utanför modellen hämtas aldrig.",
    "transaction": "Använd en vanlig delprocess.",
    "adHocSubProcess": "Ordningen mellan stegen ska framgå av modellen.",
    "complexGateway": "Använd en exklusiv, parallell eller inklusiv grindnod.",
    "standardLoopCharacteristics": "Rita upprepningen med en grindnod och ett flöde tillbaka.",
    "loopCardinality": "Antalet instanser ges av beredd:instances.",
    "loopDataInputRef": "Samlingen anges i beredd:instances.",
    "completionCondition": "Alla instanser ska slutföras.",
    "ioSpecification": "Fakta läses ur ärendet, inte ur processvariabler.",
    "dataStoreReference": "Fakta läses ur ärendet, inte ur datalager.",
    "compensateEventDefinition": "Ett beslut ångras genom ett nytt beslut.",
    "cancelEventDefinition": "Transaktioner ingår inte.",
    "conditionalEventDefinition": "Använd ett meddelande eller en timer.",
    "linkEventDefinition": "Rita flödet hela vägen.",
    "resourceRole": "Vem som gör steget anges i beredd:step.",
    "potentialOwner": "Vem som gör steget anges i beredd:step.",
    "humanPerformer": "Vem som gör steget anges i beredd:step.",
    "performer": "Vem som gör steget anges i beredd:step.",
}

#: Event definitions an event may have; ``""`` stands for none.
EVENT_DEFINITIONS = {
    "startEvent": {"", "messageEventDefinition", "timerEventDefinition"},
    "endEvent": {
        "",
        "messageEventDefinition",
        "terminateEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "signalEventDefinition",
    },
    "intermediateCatchEvent": {"messageEventDefinition", "timerEventDefinition", "signalEventDefinition"},
    "intermediateThrowEvent": {
        "",
        "messageEventDefinition",
        "escalationEventDefinition",
        "signalEventDefinition",
    },
    "boundaryEvent": {
        "messageEventDefinition",
        "timerEventDefinition",
        "signalEventDefinition",
        "escalationEventDefinition",
        "errorEventDefinition",
    },
}
EVENT_SUBPROCESS_STARTS = EVENT_DEFINITIONS["boundaryEvent"]

#: Where each of our extension elements may stand.
EXTENSION_HOSTS = {
    "process": frozenset({"process"}),
    "step": frozenset({"userTask", "startEvent"}),
    "operation": frozenset({"serviceTask", "sendTask", "intermediateThrowEvent", "endEvent"}),
    "table": frozenset({"businessRuleTask"}),
    "instances": frozenset({"multiInstanceLoopCharacteristics"}),
}
#: The extension element that a task must have.
REQUIRED_EXTENSION = {
    "userTask": "step",
    "serviceTask": "operation",
    "sendTask": "operation",
    "businessRuleTask": "table",
    "multiInstanceLoopCharacteristics": "instances",
}

__all__ = ["ACTIVITIES", "EVENTS", "FLOW_NODES", "GATEWAYS"]
