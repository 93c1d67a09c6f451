# SPDX-License-Identifier: BSD-2-Clause
# Completion for fish. The words come from the program's option tables.
function __ringbench_words
    set -l tokens (commandline -opc)
    set -l current (commandline -ct)
    if test (count $tokens) -eq 1
        $tokens[1] --complete 2>/dev/null
    else if string match -q -- '-*' $current
        $tokens[1] $tokens[2] --complete 2>/dev/null
    else if string match -q -- '--*' $tokens[-1]
        $tokens[1] $tokens[2] --complete $tokens[-1] 2>/dev/null
    end
end

complete -c ringbench -a '(__ringbench_words)'
