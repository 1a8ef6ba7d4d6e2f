/* One line while it is edited: what editor.c and its neighbours share. */
#ifndef ROLEGATE_SHELL_EDITING_H
#define ROLEGATE_SHELL_EDITING_H

#include <histedit.h>

#include "shell/choices.h"
#include "shell/typing.h"

struct editor {
	struct shell *shell;
	EditLine *edit;
	History *history;
	const char *prompt;
	char *line;   /* malloc'd */
	bool marking; /* the terminal marks what is pasted */
	bool leaving; /* on the way out of reading, with the cursor moved to the end */
	struct typing typing;
	size_t left_out; /* characters of what was typed, since that was last said */
	char *lines;	 /* malloc'd: those of a paste that stand behind `line`; NULL: none */
	char *listed;	 /* malloc'd: the line up to the cursor whose candidates were just listed */
	struct choices choices;
	struct arena *arena;  /* of the next */
	struct strings typed; /* this session's part of the history */
};

/* libedit gives some callbacks no context. */
extern struct editor *editing;

/* Functions of libedit: what Tab is bound to, and what stands for a paste. */
unsigned char editing_complete(EditLine *edit, int key);
unsigned char editing_insert_paste(EditLine *edit, int key);

/*
 * The line is erased, so that something can be said in its place; then EL_REFRESH draws it again. A
 * terminal that has another width by now has broken the line anew, as most do.
 */
void editing_leave_line(struct editor *editor);
/* The cursor goes to the row below the line. */
void editing_go_below(struct editor *editor);
/* Says how many characters were left out, if any were. */
void editing_tell_left_out(struct editor *editor);

#endif
