// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

contract PausableBox is Pausable {
    uint256 public content;

    function set(uint256 content_) external whenNotPaused {
        content = content_;
    }

    function rescue(uint256 content_) external whenPaused {
        content = content_;
    }

    function pause() external {
        _pause();
    }

    function unpause() external {
        _unpause();
    }
}

contract TwoStepBox is Ownable2Step {
    uint256 public content;

    constructor(address initialOwner) Ownable(initialOwner) {}

    function set(uint256 content_) external onlyOwner {
        content = content_;
    }
}
