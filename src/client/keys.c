#include "client/keys.h"

#include <string.h>

/* ECMA-48 5.4: "ESC [", parameters and intermediates, a final byte; "ESC O" and a letter. */
static const char *const edited[] = {"[A", "[B", "[C", "[D", "[H", "[F", "[1~", "[3~", "[4~", "[7~",
	"[8~", "[1;5C", "[1;5D", "[1;3C", "[1;3D", "OA", "OB", "OC", "OD", "OH", "OF"};

static size_t end(struct keys *keys, char *out, size_t count)
{
	memcpy(out, keys->held, count);
	*keys = (struct keys){.state = KEYS_TEXT};
	return count;
}

static void hold(struct keys *keys, char byte)
{
	if (keys->count < KEYS_HELD_MAX)
		keys->held[keys->count] = byte;
	keys->count++;
}

static bool is_held(const struct keys *keys, const char *sequence)
{
	return strlen(sequence) + 1 == keys->count &&
	       memcmp(sequence, keys->held + 1, keys->count - 1) == 0;
}

/* A whole sequence: one to edit with, the start of a paste, or none of ours. */
static size_t judge(struct keys *keys, char *out)
{
	if (is_held(keys, "[200~")) {
		*keys = (struct keys){.state = KEYS_PASTE};
		return 0;
	}
	for (size_t i = 0; i < sizeof(edited) / sizeof(edited[0]); i++)
		if (is_held(keys, edited[i]))
			return end(keys, out, keys->count);
	return end(keys, out, 0);
}

static size_t take_escaped(struct keys *keys, char byte, char *out)
{
	hold(keys, byte);
	switch (byte) {
	case '[':
		keys->state = KEYS_CSI;
		return 0;
	case 'O':
		keys->state = KEYS_SS3;
		return 0;
	case ']': /* OSC, DCS, APC, PM, SOS: a string until BEL or ESC \ */
	case 'P':
	case '_':
	case '^':
	case 'X':
		keys->state = KEYS_STRING;
		return 0;
	case '\033': /* the first one was nothing */
		keys->count = 1;
		return 0;
	default: /* Alt and a key */
		return end(keys, out, keys->count);
	}
}

static size_t take_control(struct keys *keys, char byte, char *out)
{
	if (byte == '\033') {
		*keys = (struct keys){.state = KEYS_ESCAPE, .held = "\033", .count = 1};
		return 0;
	}
	/* No byte of a sequence: it was none, and this one counts. */
	if (byte < 0x20 || byte == 0x7f) {
		(void)end(keys, out, 0);
		out[0] = byte;
		return 1;
	}
	hold(keys, byte);
	/* The old form of a mouse report: three bytes of any value follow. */
	if (keys->state == KEYS_CSI && byte == 'M' && keys->count == 3) {
		keys->state = KEYS_MOUSE;
		keys->skip = 3;
		return 0;
	}
	if (keys->state == KEYS_SS3 || (byte >= 0x40 && byte < 0x7f))
		return judge(keys, out);
	return 0;
}

static size_t take_string(struct keys *keys, char byte, char *out)
{
	if (byte == '\a' || (keys->state == KEYS_STRING_ESCAPE && byte == '\\'))
		return end(keys, out, 0);
	/* A line's end is the person's: a string that nobody closes must not eat what comes. */
	if (byte == '\r' || byte == '\n' || byte == '\003') {
		(void)end(keys, out, 0);
		out[0] = byte;
		return 1;
	}
	keys->state = byte == '\033' ? KEYS_STRING_ESCAPE : KEYS_STRING;
	return 0;
}

size_t keys_take(struct keys *keys, char byte, char *out)
{
	switch (keys->state) {
	case KEYS_ESCAPE:
		return take_escaped(keys, byte, out);
	case KEYS_CSI:
	case KEYS_SS3:
		return take_control(keys, byte, out);
	case KEYS_STRING:
	case KEYS_STRING_ESCAPE:
		return take_string(keys, byte, out);
	case KEYS_MOUSE:
		return --keys->skip == 0 ? end(keys, out, 0) : 0;
	case KEYS_PASTE:
	case KEYS_TEXT:
		break;
	}
	if (byte == '\033') {
		*keys = (struct keys){.state = KEYS_ESCAPE, .held = "\033", .count = 1};
		return 0;
	}
	out[0] = byte;
	return 1;
}

size_t keys_give_up(struct keys *keys, char *out)
{
	/* The key Escape by itself; of a sequence that broke off, nothing is wanted. */
	return end(keys, out, keys->state == KEYS_ESCAPE ? keys->count : 0);
}

bool keys_hold(const struct keys *keys)
{
	return keys->state != KEYS_TEXT && keys->state != KEYS_PASTE;
}
