"""This is the place where the published coefficients of the SCORE2 family stand: (women, men) for each term, and for each region.

SCORE2: Eur Heart J 2021;42:2439 (ehab309). SCORE2-OP: Eur Heart J 2021;42:2455 (ehab312). SCORE2-Diabetes: Eur Heart J 2023;44:2544 (ehad260).
SCORE2 Asia-Pacific: Eur Heart J 2025 (ehae609). Full precision is that of the authors' own program; the pairs of Asia-Pacific come from one program that
reproduces the numbers printed in the paper's abstract. A region turns the uncalibrated log hazard into shift + stretch * it.
"""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[float, float]

SCORE2: Mapping[str, Pair] = {
    "age": (0.4648, 0.3742),
    "smk": (0.7744, 0.6012),
    "sbp": (0.3131, 0.2777),
    "dm": (0.8096, 0.6457),
    "tc": (0.1002, 0.1458),
    "hdl": (-0.2606, -0.2698),
    "age_smk": (-0.1088, -0.0755),
    "age_sbp": (-0.0277, -0.0255),
    "age_dm": (-0.1272, -0.0983),
    "age_tc": (-0.0226, -0.0281),
    "age_hdl": (0.0613, 0.0426),
    "s10": (0.9776, 0.9605),
}
"""Per 5 years from 60, 20 mmHg from 120, 1 mmol/L from 6, 0.5 mmol/L from 1.3. The diabetes terms are for Asia-Pacific; SCORE2 leaves such people out."""
OLDER: Mapping[str, Pair] = {
    "age": (0.0789191229, 0.0633767915),
    "dm": (0.6009874438, 0.424524891),
    "age_dm": (-0.0106909701, -0.0173654217),
    "smk": (0.492114701, 0.3523957899),
    "age_smk": (-0.0255496313, -0.0247205945),
    "sbp": (0.0101993091, 0.0094362177),
    "age_sbp": (-0.0004404728, -0.0004794522),
    "tc": (0.0604939598, 0.0849594156),
    "age_tc": (-0.0009121461, 0.0073336663),
    "hdl": (-0.3040280248, -0.3563571842),
    "age_hdl": (0.0153779923, 0.0091317857),
    "mean": (0.2287676, 0.09285225),
    "s10": (0.80821241, 0.75764702),
}
"""Per year from 73, 1 mmHg from 150, 1 mmol/L from 6, 1 mmol/L from 1.4; `mean` is taken off the sum."""
DIABETES: Mapping[str, Pair] = {
    "age": (0.6624, 0.5368),
    "smk": (0.6139, 0.4774),
    "sbp": (0.1421, 0.1322),
    "dm": (0.8096, 0.6457),
    "tc": (0.1127, 0.1102),
    "hdl": (-0.1568, -0.1087),
    "age_smk": (-0.1122, -0.0672),
    "age_sbp": (-0.0167, -0.0268),
    "age_dm": (-0.1272, -0.0983),
    "age_tc": (-0.02, -0.0181),
    "age_hdl": (0.0186, 0.0095),
    "dm_agediab": (-0.118, -0.0998),
    "hba1c": (0.1173, 0.0955),
    "egfr": (-0.064, -0.0591),
    "egfr_sq": (0.0062, 0.0058),
    "age_hba1c": (-0.0196, -0.0134),
    "age_egfr": (0.0169, 0.0115),
    "s10": (0.9776, 0.9605),
}
"""As SCORE2; per 5 years of age at diagnosis from 50, 9.34 mmol/mol from 31, and 0.15 of the logarithm of eGFR from 4.5."""
EUROPE: Mapping[str, Mapping[str, Pair]] = {
    "low": {"shift": (-0.737966, -0.569857), "stretch": (0.701868, 0.747593)},
    "moderate": {"shift": (-0.314269, -0.156481), "stretch": (0.770149, 0.800869)},
    "high": {"shift": (0.570963, 0.320717), "stretch": (0.936893, 0.936004)},
    "very_high": {"shift": (0.941177, 0.583578), "stretch": (0.832923, 0.829368)},
}
EUROPE_OLDER: Mapping[str, Mapping[str, Pair]] = {
    "low": {"shift": (-0.516054, -0.343484), "stretch": (1.007238, 1.193038)},
    "moderate": {"shift": (-0.101044, 0.00532), "stretch": (1.099621, 1.248514)},
    "high": {"shift": (0.37572, 0.084305), "stretch": (1.089031, 1.151902)},
    "very_high": {"shift": (0.379293, 0.045959), "stretch": (0.69153, 0.703625)},
}
ASIA_PACIFIC: Mapping[str, Mapping[str, Pair]] = {
    "low": {"shift": (-0.986572446, -0.375229965), "stretch": (0.536743779, 0.62020875)},
    "moderate": {"shift": (0.08278687, 0.284885676), "stretch": (0.718980326, 0.778128607)},
    "high": {"shift": (0.611474287, 0.778231091), "stretch": (0.703624072, 0.844985356)},
    "very_high": {"shift": (0.502751798, 0.608975204), "stretch": (0.555577072, 0.679014197)},
}
