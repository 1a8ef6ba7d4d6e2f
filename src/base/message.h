/* What a program says on stderr: "name: text". One line, escaped for terminals (R32). */
#ifndef ROLEGATE_MESSAGE_H
#define ROLEGATE_MESSAGE_H

/* Exit statuses of section 9 of the design; the command's own status and 128+N come between. */
enum exit_status {
	EXIT_TIMED_OUT = 124,
	EXIT_GATEWAY = 125,
	EXIT_REFUSED = 126,
};

void message_set_name(const char *program);
/* What stands before each. */
const char *message_name(void);
/* With sd-daemon(3) priority prefixes ("<4>") when stderr is the journal ($JOURNAL_STREAM). */
void message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What message_error() last said, without the program's name; NULL: nothing yet. Not escaped. */
const char *message_last(void);
void message_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void message_die(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
