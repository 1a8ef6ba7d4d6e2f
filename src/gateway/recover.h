/* Transactions whose session is gone (transaction/transaction.h), by the listener. */
#ifndef ROLEGATE_RECOVER_H
#define ROLEGATE_RECOVER_H

#include "gateway/listener.h"

/* Finishes or undoes them, each with a record, RECORD_STEP. `recorder` NULL: none. */
void recover_transactions(struct recorder *recorder);
/* The same in a process of its own: the gateway goes on serving. */
void recover_in_background(struct listener *listener);
/* Warns of functions whose transactions could not be opened here. */
void recover_check_paths(const struct policy *policy);

#endif
