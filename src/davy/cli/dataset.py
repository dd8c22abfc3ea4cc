"""The subject of a data set that a command line names."""

from __future__ import annotations

from davy.cli.options import Options
from davy.errors import Fault, InputError
from davy.exchange.nmtran import Subject, read_nmtran


def subject_of(options: Options) -> Subject:
    """The one subject of the data set, or the one that is named.

    Raises
    ------
    InputError : there is no such subject, or several and none is named.
    """
    if options.data is None:
        raise ValueError(options)
    subjects = {subject.id: subject for subject in read_nmtran(options.data, form=options.form)}
    known = ", ".join(list(subjects)[:20])
    if options.subject is not None:
        if options.subject not in subjects:
            raise InputError([Fault("--subject", f"there is no subject {options.subject}", f"one of: {known}")])
        return subjects[options.subject]
    if len(subjects) > 1:
        raise InputError([Fault(str(options.data), f"holds {len(subjects)} subjects", f"--subject, one of: {known}")])
    return next(iter(subjects.values()))
