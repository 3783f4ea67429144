// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// An English auction of many lots with pull refunds, in the shape of the usual examples.
contract EnglishAuction {
    struct Lot {
        address seller;
        uint64 endsAt;
        bool settled;
        address topBidder;
        uint128 topBid;
        uint128 minIncrement;
        uint128 reserve;
    }

    uint64 internal constant EXTENSION = 60;

    uint256 public lotCount;
    mapping(uint256 => Lot) public lots;
    mapping(address => uint256) public refunds;
    mapping(uint256 => address) public wonBy;

    event LotOpened(uint256 indexed lot, address indexed seller, uint64 endsAt, uint128 reserve);
    event Bid(uint256 indexed lot, address indexed bidder, uint256 amount);
    event Settled(uint256 indexed lot, address indexed winner, uint256 amount);
    event Cancelled(uint256 indexed lot);
    event Withdrawn(address indexed who, uint256 amount);

    error BadDuration(uint64 duration);
    error NoSuchLot(uint256 lot);
    error NotSeller(uint256 lot, address account);
    error AlreadySettled(uint256 lot);
    error AuctionOver(uint256 lot, uint64 endsAt);
    error AuctionRunning(uint256 lot, uint64 endsAt);
    error SellerCannotBid(uint256 lot);
    error BidTooLow(uint256 lot, uint256 needed, uint256 offered);
    error HasBids(uint256 lot);
    error NothingToWithdraw(address who);

    function open(uint64 duration, uint128 reserve, uint128 minIncrement) external returns (uint256) {
        if (duration < 60) revert BadDuration(duration);
        uint256 id = ++lotCount;
        uint64 endsAt = uint64(block.timestamp) + duration;
        lots[id] = Lot(msg.sender, endsAt, false, address(0), 0, minIncrement, reserve);
        emit LotOpened(id, msg.sender, endsAt, reserve);
        return id;
    }

    function bid(uint256 id) external payable {
        Lot storage lot = lots[id];
        if (lot.endsAt == 0) revert NoSuchLot(id);
        if (lot.settled) revert AlreadySettled(id);
        if (block.timestamp >= lot.endsAt) revert AuctionOver(id, lot.endsAt);
        if (msg.sender == lot.seller) revert SellerCannotBid(id);
        bool first = lot.topBidder == address(0);
        uint256 needed = first ? lot.reserve : uint256(lot.topBid) + lot.minIncrement;
        if (msg.value < needed) revert BidTooLow(id, needed, msg.value);
        if (!first) refunds[lot.topBidder] += lot.topBid;
        lot.topBidder = msg.sender;
        lot.topBid = uint128(msg.value);
        if (lot.endsAt - block.timestamp < EXTENSION) lot.endsAt = uint64(block.timestamp) + EXTENSION;
        emit Bid(id, msg.sender, msg.value);
    }

    function settle(uint256 id) external {
        Lot storage lot = lots[id];
        if (lot.endsAt == 0) revert NoSuchLot(id);
        if (lot.settled) revert AlreadySettled(id);
        if (block.timestamp < lot.endsAt) revert AuctionRunning(id, lot.endsAt);
        lot.settled = true;
        if (lot.topBidder != address(0)) {
            wonBy[id] = lot.topBidder;
            refunds[lot.seller] += lot.topBid;
        }
        emit Settled(id, lot.topBidder, lot.topBid);
    }

    function cancel(uint256 id) external {
        Lot storage lot = lots[id];
        if (lot.endsAt == 0) revert NoSuchLot(id);
        if (msg.sender != lot.seller) revert NotSeller(id, msg.sender);
        if (lot.settled) revert AlreadySettled(id);
        if (lot.topBidder != address(0)) revert HasBids(id);
        lot.settled = true;
        emit Cancelled(id);
    }

    function withdraw() external returns (uint256) {
        uint256 amount = refunds[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        refunds[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        emit Withdrawn(msg.sender, amount);
        return amount;
    }
}
