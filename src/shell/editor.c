#include "shell/editor.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/message.h"
#include "base/text.h"
#include "client/tty.h"
#include "shell/editing.h"
#include "shell/history.h"

struct editor *editing;

static char *give_prompt(EditLine *edit)
{
	(void)edit;
	return (char *)(uintptr_t)editing->prompt;
}

/* The terminal has broken the line anew: libedit draws it again, from its start. */
static void resize(void *context)
{
	struct editor *editor = context;

	editing_leave_line(editor);
	el_resize(editor->edit);
	el_set(editor->edit, EL_REFRESH);
}

/* The line is left, drawn again after what is said, and none of what was typed is lost. */
static bool hear_gateway(void *context)
{
	struct editor *editor = context;
	bool goes_on;

	editing_leave_line(editor);
	goes_on = shell_hear(editor->shell);
	el_set(editor->edit, EL_REFRESH);
	return goes_on;
}

/*
 * So that the terminal marks what is pasted; only while we read, as no program knows of it. Off
 * before the line's end is shown, so that what a command says is all that stands in its line.
 */
static void mark_pastes(struct editor *editor, bool on)
{
	if (on != editor->marking && tty_is_capable(STDOUT_FILENO))
		fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
	editor->marking = on;
	fflush(stdout);
}

/* What is written next goes below the line, not into it: the cursor leaves it first. */
static int go_to_end(struct editor *editor, wchar_t *key)
{
	if (editor->leaving)
		return -1;
	mark_pastes(editor, false);
	editor->leaving = true;
	*key = L'\005'; /* ^E */
	return 1;
}

/* One more than a line may have is enough to refuse it. */
static bool is_full(EditLine *edit)
{
	const LineInfoW *info = el_wline(edit);

	return info->lastchar - info->buffer > LINE_LENGTH_MAX;
}

/* What a terminal obeys, or draws as what it is not, is in no line (R32). The keys of control are.
 */
static bool is_harmless(wchar_t key)
{
	char bytes[MB_LEN_MAX], escaped[TEXT_ESCAPED];
	mbstate_t state = {0};
	size_t length = (unsigned long)key < 0x80 ? 0 : wcrtomb(bytes, key, &state);

	return length == 0 ||
	       (length != (size_t)-1 && text_escape_one(bytes, length, escaped) == length &&
		       strlen(escaped) == length);
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
		int got = editing->leaving ? -2 : typing_next(&editing->typing, &byte);
		size_t used;

		if (got == -2)
			return go_to_end(editing, key);
		if (got <= 0)
			return got;
		used = mbrtowc(key, &byte, 1, &state);
		if (used == (size_t)-1) { /* it ends nothing; it may begin something */
			state = (mbstate_t){0};
			used = mbrtowc(key, &byte, 1, &state);
		}
		if (used == (size_t)-1)
			state = (mbstate_t){0};
		if (used != 1 && used != 0)
			continue;
		if (*key == L'\n' || *key == L'\r')
			mark_pastes(editing, false);
		if (!is_harmless(*key))
			editing->left_out++;
		else if (*key < L' ' || *key == 0x7f || !is_full(edit))
			return 1;
	}
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
	el_wset(edit, EL_ADDFN, L"complete", L"Complete the word", editing_complete);
	el_wset(edit, EL_ADDFN, L"paste", L"Insert what was pasted", editing_insert_paste);
	el_set(edit, EL_BIND, "^I", "complete", NULL);
	el_set(edit, EL_BIND, "^^", "paste", NULL); /* TYPING_PASTE */
	el_set(edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_set(edit, EL_BIND, "^W", "ed-delete-prev-word", NULL);
	el_set(edit, EL_BIND, "\\e[3~", "ed-delete-next-char", NULL);
	el_set(edit, EL_BIND, "\\e[1;5C", "em-next-word", NULL);
	el_set(edit, EL_BIND, "\\e[1;5D", "ed-prev-word", NULL);
}

struct editor *editor_open(struct shell *shell)
{
	struct editor *editor = calloc(1, sizeof(*editor));

	if (editor == NULL)
		return NULL;
	editor->shell = shell;
	editor->typing = (struct typing){
		.shell = shell, .resized = resize, .hear = hear_gateway, .context = editor};
	editor->choices.shell = shell;
	editor->arena = arena_new();
	editor->history = history_init();
	editor->edit = el_init("rolegate-shell", stdin, stdout, stderr);
	if (editor->history == NULL || editor->edit == NULL) {
		editor_close(editor);
		return NULL;
	}
	editing = editor;
	history_load(editor->history);
	set_up(editor);
	typing_catch_signals();
	return editor;
}

void editor_close(struct editor *editor)
{
	if (editor == NULL)
		return;
	editor_drop(editor);
	if (editor->edit != NULL)
		el_end(editor->edit);
	if (editor->history != NULL) {
		history_store(&editor->typed);
		history_end(editor->history);
	}
	paste_forget(&editor->typing.paste);
	free(editor->line);
	free(editor->listed);
	choices_forget(&editor->choices);
	arena_free(editor->arena);
	free(editor);
	editing = NULL;
}

/* The lines that stood below the one that was entered: one after the other, each at a prompt. */
static bool next_line(struct editor *editor)
{
	size_t length;
	char *rest;

	if (editor->lines == NULL)
		return false;
	length = strcspn(editor->lines, "\n");
	rest = editor->lines[length] == '\0' ? NULL : strdup(editor->lines + length + 1);
	editor->line = editor->lines;
	editor->line[length] = '\0';
	editor->lines = rest;
	return true;
}

/* As it would stand there if it had been typed. */
static void show_line(const struct editor *editor)
{
	bool unseen = false;

	for (const char *at = editor->prompt; *at != '\0'; at++)
		if (*at == EDITOR_UNSEEN)
			unseen = !unseen;
		else
			putchar(*at);
	printf("%s\n", editor->line);
	fflush(stdout);
}

static enum editor_result give_line(struct editor *editor, const char **line)
{
	*line = editor->line;
	return editor->line == NULL ? EDITOR_END : EDITOR_LINE;
}

static enum editor_result read_line(struct editor *editor, const char **line)
{
	const char *text;
	int count = 0;

	/* Before the prompt: who answers at once would have ^D read as the terminal's own. */
	el_set(editor->edit, EL_PREP_TERM, 1);
	mark_pastes(editor, true);
	text = el_gets(editor->edit, &count);
	mark_pastes(editor, false);
	if (text == NULL || count <= 0) {
		if (editor->typing.why == EDITOR_INTERRUPTED)
			fputs("^C", stdout);
		putchar('\n');
		fflush(stdout);
		return editor->typing.why;
	}
	editing_tell_left_out(editor);
	editor->lines = strndup(text, strlen(text) - (text[strlen(text) - 1] == '\n'));
	(void)next_line(editor);
	return give_line(editor, line);
}

enum editor_result editor_read(struct editor *editor, const char *prompt, const char **line)
{
	free(editor->line);
	editor->line = NULL;
	editor->prompt = prompt;
	if (typing_interrupted(&editor->typing) && editor_drop(editor) > 0)
		return EDITOR_INTERRUPTED;
	if (next_line(editor)) {
		show_line(editor);
		return give_line(editor, line);
	}
	editor->leaving = false;
	editor->left_out = 0;
	free(editor->listed);
	editor->listed = NULL;
	choices_forget(&editor->choices);
	typing_begin(&editor->typing);
	return read_line(editor, line);
}

size_t editor_drop(struct editor *editor)
{
	size_t count = typing_drop(&editor->typing);

	for (const char *at = editor->lines; at != NULL; at = strchr(at + 1, '\n'))
		count++;
	free(editor->lines);
	editor->lines = NULL;
	if (count > 0)
		message_warning("%zu line%s that had been typed or pasted %s not run", count,
			count == 1 ? "" : "s", count == 1 ? "is" : "are");
	return count;
}

void editor_remember(struct editor *editor, const char *line)
{
	if (history_add(editor->history, line))
		strings_add(editor->arena, &editor->typed, arena_strdup(editor->arena, line));
}
