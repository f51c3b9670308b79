"""The shapes of the sentences that wish for a command: letters of vietnamese/commands/wish_words.py.

Units and periods (``u``), courtesies and words of wishing are left out before a sentence is held
against a shape. ``<…>`` holds what the command is about; ``.`` there never takes in a telling word.
"""

import re
from typing import NamedTuple

from vietnamese.commands.wish_words import FAR, HOW


class Shape(NamedTuple):
    """The letters of a sentence that asks for `commands`; the group ``r`` is what it is about."""

    commands: tuple[str, ...]
    letters: re.Pattern[str]
    wished: bool
    """Only where a word of wishing or of asking was said too."""
    scope: bool | None
    """Whether a unit or a period must be said (or must not); None where both will do."""
    exact: bool
    """Whether "how" and "how far" are told from other words of asking."""


_ANY = "[^tq]"


def _shape(
    commands: str, *letters: str, wished: bool = False, scope: bool | None = None
) -> tuple[Shape, ...]:
    whole = [one.replace(">", ")").replace("<", "(?P<r>").replace(".", _ANY) for one in letters]
    names = tuple(commands.split())
    return tuple(
        Shape(names, re.compile(one), wished, scope, HOW in one or FAR in one) for one in whole
    )


SHAPES = (
    *_shape("huy", "W?C[RUT]*"),
    *_shape("kiemtra", "[SV]*q?[RT]+q?A+R*q*", wished=True),
    *_shape("kiemtra", "S*A+[RPT]*<c>", "S*A+R+", "R+A", "S*A+[RPT]+<c?>"),
    *_shape("kiemtra nhiemvu tongket", "S+R+V?<c?>"),
    *_shape("sua", "[SVRUPTcn]*[VRUP][cnT]*W+[SVRUPTcn]*(?:Q[RPcn]*)?q*", "W+[SVRUPTcn]*[VRUP]+[Tcn]*(?:Q[RPcn]*)?", "W+Q[RPcn]*"),
    *_shape("sua", "S*Q+[RP]*<[cn]+>", "S*Q+[RP]+<[cn]*>"),
    *_shape("huy sua", "W+"),
    *_shape("nhacqua", "[SVEQ]*J+T*V?Z", "[VEQ]*ZV?J+"),
    *_shape("ketnoi", "[SVEUf]*M+[KEZ]*", "[Qr]?Z+M+", "E?h?E?Z+", "S*K+E?Z*", wished=True),
    *_shape("trogiup", "[mRUVXNEDeKQAYGga]+[PDRTFa]*y+", "y+[mRUVXNKQYa]+[PRTFa]*", wished=True),
    *_shape("trogiup", "h+b[hHRSVURPOTFXNDEKMJAQGLYam]*q*",
        "b[hHRSVURPOTFXNDEKMJAQGLYam]+q*", "h+[ma]*q+", "q+m?h+a*", "q?H+h*<[mhRUPSVORTFXNDEKMJAQGYa]*>q*"),
    *_shape("trogiup", "[mRUSVPXNEDKQATYGa]+q?Hq*"),
    *_shape("xuat", "[SV]*X+[FROTPLS]*", "[SV]*F+[FROTPL]*", "[SVOTPR]+F+", wished=True),
    *_shape("xuat", "X+[FROTPSL]+"),
    *_shape("giahan", "(?:E+D+|e)<.*>", "E<c>", "<[Tc][cn]*>(?:E+D*|e)n*", wished=True),
    *_shape("giahan", "[EL]<[Tc].*>", "E", wished=True, scope=True),
    *_shape("giahan", "(?:E+D+|e)<[Tcn]*>"),
    *_shape("nghi", "[mr]*N+[rm]*", "U?N+", scope=True),
    *_shape("nghi", "r+N+"),
    *_shape("tongket", "[SVPFR]*O+[TPLm]*q*", "[SV]*q+m*[Lm]+[TRn]*q*S?", wished=True),
    *_shape("tongket", "O+[TP]*", "qm*L+[TR]*"),
    *_shape("tongket", "S[mT]*LT*", "[SV]*P+q+", wished=True, scope=True),
    *_shape("nhiemvu tongket", "S*[qm]*T[qm]*L[Tmq]*S?", "S*L+T[Tmq]*", wished=True),
    *_shape("nhiemvu", "m*S*m*q?T+[mq]*q[mq]*", "m*S*m*qT+[mq]*", wished=True),
    *_shape("nhiemvu", "m+q+", scope=True),
    *_shape("nhiemvu trogiup", "m+q+"),
    *_shape("nhiemvu", "[STPDV]*<c>[PDTLm]*q+", "S+[TP]*<c>", "S+<Tn>", "S+T+m*", "S+T+<x.*>", "T+m+", "[Smq]*lL?[mqT]*"),
    *_shape("baocao", "[SV]?U+R?P+<.*>", "U+[P]*<[Tcn].*>", "V+[RP]+<[Tcn]?.*>", "[UR]+", wished=True),
    *_shape("baocao", "[SVUR]*[UR]+[UPR]*<[Tc][^q]*>", "V+P+<c.+>", "U+P+n*", "[UV]+R+n*"),
    *_shape("baocao", "[VU]+a+<[Tc].*>"),
    *_shape("nhiemvu baocao", "P+<c>"),
    *_shape("tongket nhiemvu", "y|j", wished=True, scope=True),
    *_shape("nhiemvu tongket", "jq?"),
    *_shape("tongket xuat", "i[TP]*"),
    *_shape("dangky", "Y+<T.*>", "Y+", wished=True),
    *_shape("baocao", "m?R+P*", scope=False),
    *_shape("giaoviec", "G+T*<.*>", "g+<[^tqgT]*[Tm].*>"),
    *_shape("giaoviec dangky", "ET+<.*>"),
    *_shape("chidao", "I+<[Tc].*>"),
    *_shape("vuongmac", "B+<c[^q]*>"),
    *_shape("vuongmac baocao", "[Tc]+B+t?.*", "B+[Tc].*"),
    *_shape("vuongmac", "[UVRS]+B+<.*>"),
    *_shape("vuongmac", "B+[UR]+"),
    *_shape("vuongmac", "B+", wished=True),
)  # fmt: skip
"""Tried in this order."""

SIGNS_OF = tuple(
    (name, re.compile(letters))
    for name, letters in (
        ("kiemtra", "A"),
        ("sua", "Q|[RPUV].?W|W.?[RPUV]|^W"),
        ("giahan", "E.?D|e|[Tc].*E"),
        ("nhacqua", "J.*Z"),
        ("ketnoi", "M|K"),
        ("huy", "C"),
        ("nghi", "N"),
        ("vuongmac", "B"),
        ("giaoviec", "G|g.*T"),
        ("dangky", "Y"),
        ("chidao", "I"),
        ("xuat", "X.*[FOPRT]|[SV].?F"),
        ("tongket", "O|q.*L|S.*L"),
        ("baocao", "^[^AOXQW]*(?:R|[UV].?P)[^AOXQW]*$"),
        ("nhiemvu", "S.?[Tc]|T.?q|q.?T|c.*q|T.?m"),
        ("trogiup", "H|b|h.*q"),
    )
)
"""What in a sentence that fits no shape still speaks for a command, so that it may be asked about."""
