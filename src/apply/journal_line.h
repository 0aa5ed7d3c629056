/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* The words of the journal's lines, for the one who writes them and the one who reads. */
#define JOURNAL_DIRECTORY "var/lib/viaduct/journal"
#define JOURNAL_SUFFIX	  ".jsonl"
#define JOURNAL_SCHEMA	  "viaduct.journal/1"

#define LINE_HEADER	  "header"
#define LINE_INTENT	  "intent"
#define LINE_INTENTS	  "intents"
#define LINE_DONE	  "done"
#define LINE_DONES	  "dones"
#define LINE_COMMITTED	  "committed"
#define LINE_ROLLING_BACK "rolling-back"
#define LINE_MERGING	  "merging"
#define LINE_UNDONE	  "undone"
#define LINE_UNDONES	  "undones"
#define LINE_ROLLED_BACK  "rolled-back"
#define LINE_TRIAL	  "trial"
#define LINE_VOID	  "void"
