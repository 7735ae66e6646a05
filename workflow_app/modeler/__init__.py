"""Process models as people keep them: released as versions, and told their stories before and after.

``services`` releases a bundle; ``scenarios`` reads a folder's stories, ``playing`` makes them happen and ``rehearsal``
says what they did and never reached. May use ``cases`` and the rooms below. Start reading in ``scenarios``.
"""

from __future__ import annotations
