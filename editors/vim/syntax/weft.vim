" Weft. Written by scripts/textmate from the tokens of the lexer; not to be edited.
if exists("b:current_syntax")
  finish
endif
syn case match
syn iskeyword @,48-57,_
syn keyword weftInclude import
syn keyword weftStructure const contract enum fn guard interface let mixin struct var
syn keyword weftStorageClass implements payable pub uses view with
syn keyword weftConditional else if match
syn keyword weftRepeat for in
syn keyword weftStatement require return revert
syn keyword weftStatement delete emit
syn keyword weftKeyword as
syn keyword weftBoolean false true
syn keyword weftConstant none some
syn keyword weftSpecial self
syn keyword weftSpecial _
syn keyword weftType address bool bytes bytes32 history i128 i16 i256 i32 i64 i8 list map sequence set string u128 u16 u256 u32 u64 u8
syn match weftSpecial /\v<(block|caller|chain|value)>/
syn match weftFunction /\v<(abs|blake3|call|concat|decode|ecrecover|encode|hasCode|keccak256|max|min|mulDiv|mulDivUp|pay|saturatingAdd|saturatingMul|saturatingSub|selector|sha256|sqrt|wrappingAdd|wrappingMul|wrappingSub)>(\s*\()@=/
syn match weftStorageClass /\v<(state|immutable|indexed)>(\s+\w+\s*:)@=/
syn match weftStructure /\v<(event|error)>(\s+\w+\s*\()@=/
syn match weftStructure /\v<test>(\s*")@=/
syn match weftStructure /\v<invariant>(\s+\w+\s*(\{|$))@=/
syn match weftStructure /\v^\s*\zs<init>(\s*\()@=/
syn match weftStructure /\v^\s*\zs<parallel>(\s*\(|\s+block>)@=/
syn match weftInclude /\v<from>(\s*")@=/
syn match weftKeyword /\v<(create|deploy)>(\s+\h)@=/
syn match weftStatement /\v^\s*\zs<(assert|expect|advance|fuzz)>(\s+[^=.,;:])@=/
syn match weftStatement /\v<block>(\s*\{)@=/
syn match weftConditional /\v(\)\s*)@<=<when>/
syn match weftRepeat /\v(\S\s+)@<=<max>(\s+[0-9A-Za-z_(])@=/
syn match weftKeyword /\v(\S\s+)@<=<(only|calls|value)>(\s+[0-9A-Za-z_(@])@=/
syn match weftOperator /\v(\S\s+)@<=<(min|max)>(\=[^=>])@=/
syn match weftOperator /[-+*%<>=!&|^~?]/
syn match weftMember /\v\.\s*\zs\h\w*/
syn match weftNumber /\v<\d\w*(\.\d\w*)?/
syn match weftNumber /@\w*/
syn match weftSpecialChar /\v\\([nrt0\\"]|u\{\x{1,6}\})/ contained
syn region weftString start=/"/ skip=/\\./ end=/"/ end=/$/ oneline contains=weftSpecialChar,@Spell
syn match weftOperator "/"
syn match weftComment "//.*$" contains=@Spell
syn match weftSpecialComment "///\%(/\)\@!.*$" contains=@Spell
syn region weftComment start="/\*" end="\*/" contains=@Spell
syn sync minlines=200
hi def link weftInclude Include
hi def link weftStructure Structure
hi def link weftStorageClass StorageClass
hi def link weftConditional Conditional
hi def link weftRepeat Repeat
hi def link weftStatement Statement
hi def link weftKeyword Keyword
hi def link weftBoolean Boolean
hi def link weftConstant Constant
hi def link weftSpecial Special
hi def link weftType Type
hi def link weftFunction Function
hi def link weftOperator Operator
hi def link weftComment Comment
hi def link weftSpecialComment SpecialComment
hi def link weftString String
hi def link weftSpecialChar SpecialChar
hi def link weftNumber Number
let b:current_syntax = "weft"
