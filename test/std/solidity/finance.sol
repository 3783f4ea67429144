// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";

contract Cash is ERC20 {
    constructor() ERC20("Cash", "CSH") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

contract OddToken {
    mapping(address => uint256) public balanceOf;
    uint256 public answer;

    function set(uint256 answer_) external {
        answer = answer_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (uint256) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return answer;
    }
}

contract Vault is ERC4626 {
    uint8 public immutable decimalsOffset;

    constructor(IERC20 asset, uint8 offset) ERC20("Vault", "vCSH") ERC4626(asset) {
        decimalsOffset = offset;
    }

    function _decimalsOffset() internal view override returns (uint8) {
        return decimalsOffset;
    }
}

contract Vesting is VestingWalletCliff {
    constructor(
        address beneficiary,
        uint64 start,
        uint64 duration,
        uint64 cliffSeconds
    ) payable VestingWallet(beneficiary, start, duration) VestingWalletCliff(cliffSeconds) {}

    function fund() external payable {}
}
