#include "shell/editor.h"

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "shell/choices.h"
#include "shell/complete.h"
#include "shell/history.h"
#include "shell/keys.h"
#include "shell/listing.h"

enum { SEQUENCE_PAUSE = 100 /* ms in which the bytes of one key come */ };

struct editor {
	struct shell *shell;
	EditLine *edit;
	History *history;
	const char *prompt;
	char *line;		/* malloc'd */
	bool leaving;		/* on the way out of reading, with the cursor moved to the end */
	enum editor_result why; /* reading ended */
	struct keys keys;
	char bytes[KEYS_HELD_MAX]; /* to be read, from `next` to `ready` */
	size_t next, ready;
	char *listed; /* malloc'd: the line up to the cursor whose candidates were just listed */
	struct choices choices;
	struct arena *arena;   /* of the next */
	struct strings typed; /* this session's part of the history */
};

/* libedit gives some callbacks no context. */
static struct editor *current;

/* Set by handlers that run only inside ppoll(): everywhere else the signals are blocked. */
static volatile sig_atomic_t interrupted, resized, hung_up;

static void on_signal(int number)
{
	if (number == SIGINT)
		interrupted = 1;
	else if (number == SIGWINCH)
		resized = 1;
	else
		hung_up = 1;
}

static char *give_prompt(EditLine *edit)
{
	(void)edit;
	return (char *)(uintptr_t)current->prompt;
}

/* The terminal has wrapped the line anew: libedit draws it again, from the left. */
static void resize(struct editor *editor)
{
	const char *term = getenv("TERM");

	resized = 0;
	fputs(term != NULL && strcmp(term, "dumb") != 0 ? "\r\033[J" : "\r", stdout);
	el_resize(editor->edit);
	el_set(editor->edit, EL_REFRESH);
}

/* The line is left, drawn again after what is said, and none of what was typed is lost. */
static bool hear_gateway(struct editor *editor)
{
	const char *term = getenv("TERM");
	bool goes_on;

	fputs(term != NULL && strcmp(term, "dumb") != 0 ? "\r\033[J" : "\r\n", stdout);
	fflush(stdout);
	goes_on = shell_hear(editor->shell);
	el_set(editor->edit, EL_REFRESH);
	return goes_on;
}

/* One key's worth of bytes, or the reason to stop. */
static bool wait_for_key(struct editor *editor)
{
	bool idle = editor->shell->job.pid == 0;
	struct pollfd items[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.events = POLLIN},
	};

	for (;;) {
		if (interrupted || hung_up) {
			editor->why = hung_up ? EDITOR_HANGUP : EDITOR_INTERRUPTED;
			return false;
		}
		if (resized) {
			resize(editor);
		}
		items[1].fd = idle ? editor->shell->socket : -1;
		if (ppoll(items, 2, NULL, &editor->shell->signals) < 0 && errno != EINTR)
			return false;
		if (interrupted || hung_up || resized)
			continue;
		if (items[1].revents != 0 && !hear_gateway(editor)) {
			editor->why = EDITOR_GATEWAY;
			return false;
		}
		if (items[0].revents != 0)
			return true;
	}
}

/* What is written next goes below the line, not into it: the cursor leaves it first. */
static int go_to_end(struct editor *editor, wchar_t *key)
{
	if (editor->leaving)
		return -1;
	editor->leaving = true;
	*key = L'\005'; /* ^E */
	return 1;
}

/* The next byte that is meant for the editor. 1; 0 or -1 as read(2); -2: there is a reason to stop. */
static int next_byte(struct editor *editor, char *byte)
{
	while (editor->next == editor->ready) {
		struct pollfd item = {.fd = STDIN_FILENO, .events = POLLIN};
		ssize_t got;

		editor->next = editor->ready = 0;
		if (keys_hold(&editor->keys) && poll(&item, 1, SEQUENCE_PAUSE) == 0) {
			editor->ready = keys_give_up(&editor->keys, editor->bytes);
			continue;
		}
		if (!wait_for_key(editor))
			return -2;
		got = read(STDIN_FILENO, byte, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return (int)got;
		editor->ready = keys_take(&editor->keys, *byte, editor->bytes);
	}
	*byte = editor->bytes[editor->next++];
	return 1;
}

/* One more than a line may have is enough to refuse it. */
static bool is_full(EditLine *edit)
{
	const LineInfoW *info = el_wline(edit);

	return info->lastchar - info->buffer > LINE_LENGTH_MAX;
}

/*
 * libedit's EL_GETCFN: 1, 0 at the end, -1 for an error. Bytes that are no character are dropped,
 * and those for which there is no room.
 */
static int read_key(EditLine *edit, wchar_t *key)
{
	mbstate_t state = {0};

	for (;;) {
		char byte;
		int got = current->leaving ? -2 : next_byte(current, &byte);
		size_t used;

		if (got == -2)
			return go_to_end(current, key);
		if (got <= 0)
			return got;
		used = mbrtowc(key, &byte, 1, &state);
		if (used == (size_t)-1) { /* it ends nothing; it may begin something */
			state = (mbstate_t){0};
			used = mbrtowc(key, &byte, 1, &state);
		}
		if ((used == 1 || used == 0) && !(*key >= L' ' && *key != 0x7f && is_full(edit)))
			return 1;
		if (used == (size_t)-1)
			state = (mbstate_t){0};
	}
}

/* The characters that the last `bytes` bytes before the cursor are. */
static int characters(const char *end, size_t bytes)
{
	int count = 0;

	for (const char *at = end - bytes; at < end; at++)
		count += (*at & 0xc0) != 0x80;
	return count;
}

/* The first time the names; then, with nothing typed since, what they are. */
static void list_candidates(
	struct editor *editor, const struct completion *completion, const char *line, size_t length)
{
	bool again = editor->listed != NULL && strlen(editor->listed) == length &&
		     memcmp(editor->listed, line, length) == 0;

	free(editor->listed);
	editor->listed = strndup(line, length);
	if (again)
		listing_described(completion);
	else
		listing_names(completion);
}

static struct completion complete(struct arena *arena, struct editor *editor, const char *line,
	size_t length)
{
	struct shell *shell = editor->shell;
	const struct completer completer = {.catalogue = shell->catalogue,
		.builtins = builtin_names(),
		/* The session is another's while a command is stopped. */
		.choices = shell->job.pid == 0 ? choices_ask : NULL,
		.context = &editor->choices};

	return complete_line(arena, &completer, line, length);
}

static unsigned char on_tab(EditLine *edit, int key)
{
	const LineInfo *info = el_line(edit);
	size_t length = (size_t)(info->cursor - info->buffer), added;
	struct arena *arena = arena_new();
	/* What asks the gateway may not keep what libedit owns. */
	const char *line = arena_strndup(arena, info->buffer, length);
	struct completion completion = complete(arena, current, line, length);
	unsigned char result = CC_REFRESH;

	(void)key;
	added = strlen(completion.insert);
	/* In the middle of a line the blank is there already. */
	if (added > 0 && completion.candidates.count == 1 && info->cursor < info->lastchar &&
		*info->cursor == ' ')
		completion.insert[added - 1] = '\0';
	if (completion.candidates.count == 0) {
		result = CC_REFRESH_BEEP;
	} else if (added > 0) {
		el_deletestr(edit, characters(info->cursor, completion.remove));
		el_insertstr(edit, completion.insert);
	} else {
		list_candidates(current, &completion, line, length);
		result = CC_REDISPLAY;
	}
	arena_free(arena);
	return result;
}

static void set_up(struct editor *editor)
{
	EditLine *edit = editor->edit;

	el_set(edit, EL_CLIENTDATA, editor);
	/* What stands between two of these takes no room on the screen. */
	el_set(edit, EL_PROMPT_ESC, give_prompt, EDITOR_UNSEEN);
	el_set(edit, EL_SIGNAL, 0);
	el_set(edit, EL_GETCFN, read_key);
	el_set(edit, EL_EDITOR, "emacs");
	el_set(edit, EL_HIST, history, editor->history);
	/* The narrow form would leak its two strings. */
	el_wset(edit, EL_ADDFN, L"complete", L"Complete the word", on_tab);
	el_set(edit, EL_BIND, "^I", "complete", NULL);
	el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_set(edit, EL_BIND, "^W", "ed-delete-prev-word", NULL);
	el_set(edit, EL_BIND, "\\e[3~", "ed-delete-next-char", NULL);
	el_set(edit, EL_BIND, "\\e[1;5C", "em-next-word", NULL);
	el_set(edit, EL_BIND, "\\e[1;5D", "ed-prev-word", NULL);
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGWINCH, SIGHUP, SIGTERM};
	struct sigaction action = {.sa_handler = on_signal};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

struct editor *editor_open(struct shell *shell)
{
	struct editor *editor = calloc(1, sizeof(*editor));

	if (editor == NULL)
		return NULL;
	editor->shell = shell;
	editor->choices.shell = shell;
	editor->arena = arena_new();
	editor->history = history_init();
	editor->edit = el_init("rolegate-shell", stdin, stdout, stderr);
	if (editor->history == NULL || editor->edit == NULL) {
		editor_close(editor);
		return NULL;
	}
	current = editor;
	history_load(editor->history);
	set_up(editor);
	catch_signals();
	return editor;
}

void editor_close(struct editor *editor)
{
	if (editor == NULL)
		return;
	if (editor->edit != NULL)
		el_end(editor->edit);
	if (editor->history != NULL) {
		history_store(&editor->typed);
		history_end(editor->history);
	}
	free(editor->line);
	free(editor->listed);
	choices_forget(&editor->choices);
	arena_free(editor->arena);
	free(editor);
	current = NULL;
}

enum editor_result editor_read(struct editor *editor, const char *prompt, const char **line)
{
	const char *text;
	int count = 0;

	free(editor->line);
	editor->line = NULL;
	editor->prompt = prompt;
	editor->why = EDITOR_END;
	editor->leaving = false;
	editor->keys = (struct keys){.state = KEYS_TEXT};
	editor->next = editor->ready = 0;
	free(editor->listed);
	editor->listed = NULL;
	choices_forget(&editor->choices);
	interrupted = 0;
	/* Before the prompt: who answers at once would have ^D read as the terminal's own. */
	el_set(editor->edit, EL_PREP_TERM, 1);
	text = el_gets(editor->edit, &count);
	if (text == NULL || count <= 0) {
		if (editor->why == EDITOR_INTERRUPTED)
			fputs("^C", stdout);
		putchar('\n');
		fflush(stdout);
		return editor->why;
	}
	editor->line = strndup(text, strcspn(text, "\n"));
	*line = editor->line;
	return editor->line == NULL ? EDITOR_END : EDITOR_LINE;
}

void editor_remember(struct editor *editor, const char *line)
{
	if (history_add(editor->history, line))
		strings_add(editor->arena, &editor->typed, arena_strdup(editor->arena, line));
}
