"""Sound as numbers: trimming, filters, loudness, peaks."""

import numpy as np

from settings import RATE_HZ, SETTINGS


def silence(seconds):
    return np.zeros(round(seconds * RATE_HZ))


def trim(sound):
    """Cut to the speech, with the edges that soft consonants need, faded in and out."""
    window = RATE_HZ // 100
    power = moving_sum(sound**2, window)
    loud = np.flatnonzero(power > power.max() * 10 ** (SETTINGS.speech_floor_db / 10)) + window // 2
    start = max(0, loud[0] - round(SETTINGS.trim_before_s * RATE_HZ))
    end = min(len(sound), loud[-1] + round(SETTINGS.trim_after_s * RATE_HZ))
    sound = sound[start:end].copy()
    rise, fall = round(SETTINGS.fade_in_s * RATE_HZ), round(SETTINGS.fade_out_s * RATE_HZ)
    sound[:rise] *= half_cosine(rise)
    sound[-fall:] *= half_cosine(fall)[::-1]
    return sound


def moving_sum(values, window):
    sums = np.concatenate([[0], np.cumsum(values)])
    return sums[window:] - sums[:-window]


def half_cosine(length):
    return 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)


# --- filters --------------------------------------------------------------------------------------
# All filtering multiplies spectra, so that it needs no loop over samples. The formulas are those of
# R. Bristow-Johnson's "Cookbook formulae for audio equalizer biquad filter coefficients".


def biquad_response(numerator, denominator, turn):
    """Response at the points `turn` = exp(-i w) of the unit circle."""
    return np.polyval(numerator[::-1], turn) / np.polyval(denominator[::-1], turn)


def highpass(hz, turn, q=np.sqrt(0.5)):
    w = 2 * np.pi * hz / RATE_HZ
    alpha, c = np.sin(w) / (2 * q), np.cos(w)
    return biquad_response([(1 + c) / 2, -1 - c, (1 + c) / 2], [1 + alpha, -2 * c, 1 - alpha], turn)


def spectrum_length(length):
    """With room for the filters to ring out, and of small factors only, which is fast."""
    step = RATE_HZ // 10
    return step * (length // step + 5)


def turns(length):
    return np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)


def raise_rate(sound, highpass_hz):
    """From SYNTH_HZ to RATE_HZ, without what lies below the voice, all in one spectrum."""
    length = spectrum_length(2 * len(sound))
    low = np.fft.rfft(sound, length // 2)
    spectrum = np.zeros(length // 2 + 1, complex)
    spectrum[: len(low) - 1] = 2 * low[:-1]
    turn = turns(length)
    spectrum *= highpass(highpass_hz, turn)
    return np.fft.irfft(spectrum, length)


# --- level ----------------------------------------------------------------------------------------


def loudness_lufs(sound):
    """Integrated loudness of one channel by ITU-R BS.1770-4, on the clip looped to measure_s."""
    looped = np.tile(sound, int(np.ceil(SETTINGS.measure_s * RATE_HZ / len(sound))))
    length = spectrum_length(len(looped))
    turn = turns(length)
    # Tables 1 and 2 of the recommendation; they hold at 48 kHz only.
    weight = biquad_response(
        [1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585], turn
    ) * biquad_response([1, -2, 1], [1, -1.99004745483398, 0.99007225036621], turn)
    weighted = np.fft.irfft(np.fft.rfft(looped, length) * weight, length)[: len(looped)]
    block, hop = round(0.4 * RATE_HZ), round(0.1 * RATE_HZ)
    power = moving_sum(weighted**2, block)[::hop] / block
    power = power[lufs(power) > -70]
    return float(lufs(power[lufs(power) > lufs(power.mean()) - 10].mean()))


def lufs(power):
    return -0.691 + 10 * np.log10(power + 1e-20)


def peak_db(sound):
    """The true peak: the highest value of the curve through the samples, found at four times the rate."""
    length = spectrum_length(len(sound))
    spectrum = np.zeros(2 * length + 1, complex)
    spectrum[: length // 2 + 1] = 4 * np.fft.rfft(sound, length)
    return float(20 * np.log10(np.abs(np.fft.irfft(spectrum, 4 * length)).max() + 1e-20))


def limit(sound, ceiling_db, reach_s=0.004):
    """Turn the gain down smoothly around every peak above the ceiling, looking ahead and back."""
    wanted = 10 ** (ceiling_db / 20) / np.maximum(np.abs(sound), 1e-9)
    reach = round(reach_s * RATE_HZ)
    gain = np.ones(len(sound) + 2 * reach)
    for at in np.flatnonzero(wanted < 1):  # few: speech rarely gets there
        gain[at : at + 2 * reach + 1] = np.minimum(gain[at : at + 2 * reach + 1], wanted[at])
    # Two moving means, together as wide as the reach: a mean of gains that are all low enough.
    for _ in range(2):
        gain = moving_sum(gain, reach + 1) / (reach + 1)
    return sound * gain
