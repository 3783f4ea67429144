// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Burnable} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Burnable.sol";
import {ERC1155Supply} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Supply.sol";
import {ERC1155URIStorage} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155URIStorage.sol";

contract Items is ERC1155Burnable {
    constructor(string memory uri) ERC1155(uri) {}

    function mint(address to, uint256 id, uint256 amount, bytes memory data) external {
        _mint(to, id, amount, data);
    }

    function mintBatch(address to, uint256[] memory ids, uint256[] memory amounts, bytes memory data) external {
        _mintBatch(to, ids, amounts, data);
    }
}

contract CountedItems is ERC1155Burnable, ERC1155Supply, ERC1155URIStorage {
    constructor(string memory uri_, string memory base) ERC1155(uri_) {
        _setBaseURI(base);
    }

    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override(ERC1155, ERC1155Supply) {
        super._update(from, to, ids, values);
    }

    function uri(uint256 id) public view override(ERC1155, ERC1155URIStorage) returns (string memory) {
        return super.uri(id);
    }

    function mint(address to, uint256 id, uint256 amount, bytes memory data) external {
        _mint(to, id, amount, data);
    }

    function mintBatch(address to, uint256[] memory ids, uint256[] memory amounts, bytes memory data) external {
        _mintBatch(to, ids, amounts, data);
    }

    function setURI(uint256 id, string memory tokenUri) external {
        _setURI(id, tokenUri);
    }
}

contract Chest {
    event Taken(address operator, address from, uint256 id, uint256 amount, bytes data);
    event TakenBatch(address operator, address from, uint256[] ids, uint256[] amounts, bytes data);
    error Closed(uint256 id);

    bool public closed;
    bool public empty;
    uint256 public answer = uint256(0xf23a6e61) << 224;
    uint256 public batchAnswer = uint256(0xbc197c81) << 224;

    function set(bool closed_, bool empty_, uint256 answer_, uint256 batchAnswer_) external {
        closed = closed_;
        empty = empty_;
        answer = answer_;
        batchAnswer = batchAnswer_;
    }

    function onERC1155Received(address operator, address from, uint256 id, uint256 amount, bytes memory data) external returns (bytes32) {
        if (empty) revert();
        if (closed) revert Closed(id);
        emit Taken(operator, from, id, amount, data);
        return bytes32(answer);
    }

    function onERC1155BatchReceived(
        address operator,
        address from,
        uint256[] memory ids,
        uint256[] memory amounts,
        bytes memory data
    ) external returns (bytes32) {
        if (empty) revert();
        if (closed) revert Closed(ids.length);
        emit TakenBatch(operator, from, ids, amounts, data);
        return bytes32(batchAnswer);
    }
}
