// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ERC721Burnable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Burnable.sol";
import {ERC721Enumerable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Enumerable.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";

contract OwnedERC721 is ERC721Burnable, Ownable {
    constructor() ERC721("Owned", "OWN") Ownable(msg.sender) {}

    function mint(address to, uint256 tokenId) external onlyOwner {
        _mint(to, tokenId);
    }

    function safeMint(address to, uint256 tokenId, bytes memory data) external onlyOwner {
        _safeMint(to, tokenId, data);
    }
}

contract Gallery is ERC721URIStorage {
    error Locked(uint256 tokenId);

    mapping(uint256 => bool) public locked;
    string public baseURI;

    constructor(string memory base) ERC721("Gallery", "GAL") {
        baseURI = base;
    }

    function _baseURI() internal view override returns (string memory) {
        return baseURI;
    }

    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
    }

    function transferFrom(address from, address to, uint256 tokenId) public override(ERC721, IERC721) {
        super.transferFrom(from, to, tokenId);
        if (locked[tokenId]) revert Locked(tokenId);
    }

    function lock(uint256 tokenId, bool on) external {
        locked[tokenId] = on;
    }

    function mint(address to, uint256 tokenId, string memory uri) external {
        _mint(to, tokenId);
        if (locked[tokenId]) revert Locked(tokenId);
        _setTokenURI(tokenId, uri);
    }

    function setTokenURI(uint256 tokenId, string memory uri) external {
        _setTokenURI(tokenId, uri);
    }

    function burn(uint256 tokenId) external {
        _burn(tokenId);
        if (locked[tokenId]) revert Locked(tokenId);
    }
}

contract Catalogue is ERC721Enumerable, ERC721Burnable {
    uint256 public nextTokenId;

    constructor() ERC721("Catalogue", "CAT") {}

    function _update(address to, uint256 tokenId, address auth) internal override(ERC721, ERC721Enumerable) returns (address) {
        return super._update(to, tokenId, auth);
    }

    function _increaseBalance(address account, uint128 value) internal override(ERC721, ERC721Enumerable) {
        super._increaseBalance(account, value);
    }

    function supportsInterface(bytes4 id) public view override(ERC721, ERC721Enumerable) returns (bool) {
        return super.supportsInterface(id);
    }

    function mint(address to) external returns (uint256 tokenId) {
        tokenId = nextTokenId++;
        _mint(to, tokenId);
    }

    function mintNumber(address to, uint256 tokenId) external {
        _mint(to, tokenId);
    }
}

contract Safe {
    event Taken(address operator, address from, uint256 tokenId, bytes data);
    error Closed(uint256 tokenId);

    bool public closed;
    bool public empty;
    uint256 public answer = uint256(0x150b7a02) << 224;
    mapping(address => uint256) public taken;

    function set(bool closed_, bool empty_, uint256 answer_) external {
        closed = closed_;
        empty = empty_;
        answer = answer_;
    }

    function onERC721Received(address operator, address from, uint256 tokenId, bytes memory data) external returns (bytes32) {
        if (empty) revert();
        if (closed) revert Closed(tokenId);
        taken[msg.sender] += 1;
        emit Taken(operator, from, tokenId, data);
        return bytes32(answer);
    }
}
