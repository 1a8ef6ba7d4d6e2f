#include "shell/editor.h"

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/text.h"
#include "client/tty.h"
#include "shell/complete.h"
#include "shell/history.h"

enum { LISTED_MAX = 200 };

struct editor {
	struct shell *shell;
	EditLine *edit;
	History *history;
	const char *prompt;
	char *line;		/* malloc'd */
	bool leaving;		/* on the way out of reading, with the cursor moved to the end */
	enum editor_result why; /* reading ended */
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

/* libedit's EL_GETCFN: 1, 0 at the end, -1 for an error. Bytes that are no character are dropped.
 */
static int read_key(EditLine *edit, wchar_t *key)
{
	mbstate_t state = {0};

	(void)edit;
	for (;;) {
		char byte;
		ssize_t got;
		size_t used;

		if (current->leaving || !wait_for_key(current))
			return go_to_end(current, key);
		got = read(STDIN_FILENO, &byte, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return (int)got;
		used = mbrtowc(key, &byte, 1, &state);
		if (used == (size_t)-1) { /* it ends nothing; it may begin something */
			state = (mbstate_t){0};
			used = mbrtowc(key, &byte, 1, &state);
		}
		if (used == 1 || used == 0)
			return 1;
		if (used == (size_t)-1)
			state = (mbstate_t){0};
	}
}

static size_t columns_of(void)
{
	size_t columns = tty_window(STDOUT_FILENO).columns;

	return columns == 0 ? 80 : columns;
}

/* In columns, downwards, as ls(1) does. */
static void list_candidates(const struct strings *candidates)
{
	struct arena *arena = arena_new();
	size_t count = candidates->count < LISTED_MAX ? candidates->count : LISTED_MAX;
	size_t width = 1, across, down;
	char **texts = arena_array(arena, count, sizeof(*texts));

	for (size_t i = 0; i < count; i++) {
		texts[i] = text_escape(arena, candidates->items[i], strlen(candidates->items[i]));
		width = strlen(texts[i]) + 2 > width ? strlen(texts[i]) + 2 : width;
	}
	across = columns_of() / width > 0 ? columns_of() / width : 1;
	down = (count + across - 1) / across;
	putchar('\n');
	for (size_t row = 0; row < down; row++) {
		for (size_t i = row; i < count; i += down)
			printf("%-*s", i + down < count ? (int)width : 0, texts[i]);
		putchar('\n');
	}
	if (count < candidates->count)
		printf("... and %zu more\n", candidates->count - count);
	fflush(stdout);
	arena_free(arena);
}

/* The characters that the last `bytes` bytes before the cursor are. */
static int characters(const char *end, size_t bytes)
{
	int count = 0;

	for (const char *at = end - bytes; at < end; at++)
		count += (*at & 0xc0) != 0x80;
	return count;
}

static unsigned char on_tab(EditLine *edit, int key)
{
	const LineInfo *info = el_line(edit);
	size_t length = (size_t)(info->cursor - info->buffer);
	struct arena *arena = arena_new();
	struct completion completion = complete_line(
		arena, current->shell->catalogue, builtin_names(), info->buffer, length);
	unsigned char result = CC_REFRESH;
	size_t added = strlen(completion.insert);

	(void)key;
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
		list_candidates(&completion.candidates);
		result = CC_REDISPLAY;
	}
	arena_free(arena);
	return result;
}

static void set_up(struct editor *editor)
{
	EditLine *edit = editor->edit;

	el_set(edit, EL_CLIENTDATA, editor);
	el_set(edit, EL_PROMPT, give_prompt);
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
		history_store(editor->history);
		history_end(editor->history);
	}
	free(editor->line);
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
	HistEvent event;

	history(editor->history, &event, H_ENTER, line);
}
