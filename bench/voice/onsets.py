"""When espeak-ng begins each sound of a Persian sentence: the truth that a voice's alignment is held against.

A JSON line for the line of standard input: the rate of its samples, how many there are, and for each phoneme its name and
the sample that it begins at. They are the phoneme events of espeak-ng's library, of the same sound as the program's own
`--stdout` at that speed; the program itself tells phonemes without times.

    python3 bench/voice/onsets.py SPEED < text
"""
import ctypes
import json
import sys

RETRIEVAL = 1
PHONEME_EVENTS_IN_IPA = 3
PHONEME = 7
RATE, PITCH = 1, 3
UTF8, END_PAUSE = 1, 0x1000


class Identity(ctypes.Union):
    _fields_ = [('number', ctypes.c_int), ('name', ctypes.c_char_p), ('string', ctypes.c_char * 8)]


class Event(ctypes.Structure):
    _fields_ = [
        ('type', ctypes.c_int),
        ('unique_identifier', ctypes.c_uint),
        ('text_position', ctypes.c_int),
        ('length', ctypes.c_int),
        ('audio_position', ctypes.c_int),
        ('sample', ctypes.c_int),
        ('user_data', ctypes.c_void_p),
        ('id', Identity),
    ]


Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))

espeak = ctypes.CDLL('libespeak-ng.so.1')
rate = espeak.espeak_Initialize(RETRIEVAL, 0, None, PHONEME_EVENTS_IN_IPA)
if rate <= 0:
    sys.exit('espeak-ng could not be started')
state = {'samples': 0, 'sounds': []}


def hear(wav, count, events):
    state['samples'] += count if wav else 0
    at = 0
    while events[at].type != 0:
        if events[at].type == PHONEME:
            state['sounds'].append([events[at].id.string.decode('utf8', 'replace'), events[at].sample])
        at += 1
    return 0


callback = Callback(hear)
espeak.espeak_SetSynthCallback(callback)
espeak.espeak_SetVoiceByName(b'fa')
espeak.espeak_SetParameter(RATE, int(sys.argv[1]), 0)
espeak.espeak_SetParameter(PITCH, 50, 0)
text = sys.stdin.readline().strip().encode()
espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8 | END_PAUSE, None, None)
espeak.espeak_Synchronize()
print(json.dumps({'rate': rate, **state}))
