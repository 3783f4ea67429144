if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1
setlocal commentstring=//\ %s
" A line after a doc comment goes on with it.
setlocal comments=s1:/*,mb:*,ex:*/,:///,://
setlocal formatoptions+=cro formatoptions-=t
setlocal expandtab tabstop=2 shiftwidth=2 softtabstop=2
setlocal cindent cinoptions=J1,j1,(s,m1
let b:undo_ftplugin = "setlocal commentstring< comments< formatoptions< expandtab< tabstop< shiftwidth< softtabstop< cindent< cinoptions<"
