# SPDX-License-Identifier: GPL-2.0-or-later
"""What lspci's words stand for, in this project's field names.

Each rule is (capability, section, flags, values): the section is a regular expression for
the label of the line ("DevCap", "VC0/Arb"); its groups fill {0}, {1} in field names. Flags
are "Word=field" for lspci's "Word+" and "Word-"; values are (expression, field, convert).
A leading '!' in a flag's field means that lspci prints the opposite.
"""
import re

ID = {  # lspci's title -> our id; the first that matches
    r'Power Management version (?P<version>\d+)': 'pm',
    r'AGP version|AGP ': 'agp', r'AGP3': 'agp3',
    r'Vital Product Data': 'vpd', r'Slot ID': 'slot_id', r'MSI:': 'msi', r'MSI-X': 'msix',
    r'CompactPCI hot-swap': 'hot_swap', r'PCI-X': 'pcix', r'HyperTransport': 'ht',
    r'Vendor Specific Information': 'vndr', r'Debug port': 'debug_port',
    r'CompactPCI central': 'compactpci_central', r'Hot-plug capable': 'shpc',
    r'Subsystem': 'ssvid', r'Secure device': 'secure_device', r'Express \(v': 'pcie',
    r'SATA HBA': 'sata', r'PCI Advanced Features': 'af', r'Enhanced Allocation': 'ea',
    r'Flattening Portal': 'fpb', r'Null': 'null',
    r'Advanced Error Reporting': 'aer', r'Virtual Channel': 'vc', r'Device Serial': 'dsn',
    r'Power Budgeting': 'power_budget', r'Root Complex Link': 'rc_link',
    r'Root Complex Internal Link': 'rc_link_control',
    r'Root Complex Event Collector': 'rc_event_collector',
    r'Multi-Function Virtual Channel': 'mfvc',
    r'Root Complex.*Register Block|Root Bridge Control': 'rcrb',
    r'Configuration Access Corr': 'cac', r'Access Control Services': 'acs',
    r'Alternative Routing': 'ari', r'Address Translation Service': 'ats',
    r'Single Root I/O': 'sriov', r'Multi-Root I/O': 'mriov', r'Multicast': 'multicast',
    r'Page Request Interface': 'pri', r'Physical Resizable BAR|Resizable BAR': 'rebar',
    r'Virtual Resizable BAR': 'vf_rebar', r'Dynamic Power Allocation': 'dpa',
    r'Transaction Processing Hints': 'tph', r'Latency Tolerance Reporting': 'ltr',
    r'Secondary PCI Express': 'secpci', r'Protocol Multiplexing': 'pmux',
    r'Process Address Space': 'pasid', r'LN Requester': 'lnr',
    r'Downstream Port Containment': 'dpc', r'L1 PM Substates': 'l1ss',
    r'Precision Time': 'ptm', r'PCI Express over M_PHY': 'mpcie', r'FRS Queueing': 'frs',
    r'Readiness Time': 'readiness_time', r'Designated Vendor': 'dvsec',
    r'Data Link Feature': 'dlf', r'Physical Layer 16': '16gt', r'Lane Margining': 'lane_margin',
    r'Hierarchy ID': 'hierarchy_id', r'Native PCIe Enclosure': 'npem',
    r'Physical Layer 32': '32gt', r'Alternate Protocol': 'alternate_protocol',
    r'System Firmware Inter': 'sfi', r'Shadow Functions': 'shadow_functions',
    r'Data Object Exchange': 'doe', r'Device 3': 'dev3', r'Integrity & Data': 'ide',
    r'Physical Layer 64': '64gt', r'Streamlined Virtual': 'svc', r'MMIO Register': 'mmio_rbl',
    r'Extended Capability ID (?P<ext>0x[0-9a-f]+)': None, r'Capability ID': None,
    r'Flit Logging': 'flit_logging', r'Flit Performance': 'flit_performance',
    r'Flit Error': 'flit_error_injection', r'NOP Flit': 'nop_flit',
    r'Scalable I/O|SIOV': 'siov',
}

# Capabilities that lspci has no name for, depending on its age.
UNNAMED = {0x0c: 'cac', 0x2a: '32gt', 0x2b: 'alternate_protocol', 0x2c: 'sfi',
           0x2d: 'shadow_functions', 0x2f: 'dev3', 0x30: 'ide', 0x31: '64gt'}

UNKNOWN = ('reserved', 'unknown')


def hexed(text):
    return hex(int(text, 16))


def identified(text):
    return f"{int(text, 16):04x}"


def named(table, other=()):
    return lambda text: table.get(text, UNKNOWN + other)


def same(text):
    return text


def is_true(_):
    return True


def equivalent(text):
    kind, _, number = text.partition(' ')
    if not number:
        return None
    return int(number) + (9 if kind == 'VF-BAR' else 0)


def milliwatts(text):
    if text.startswith('>'):
        return None
    return round(float(text) * 1000)


def rate_bits(text):
    """x1,x2,x4 are bits 0 to 2; in AGP3 mode the same bits are x4,x8,x16."""
    speeds_ = [int(r[1:]) for r in text.split(',') if r != '<none>']
    return (hex(sum(speeds_)), hex(sum(s // 4 for s in speeds_)))


def aspm(text):
    return {'not supported': 'none', 'Disabled': 'none', 'L0s L1': 'L0s L1',
            'L0s L1 Enabled': 'L0s L1', 'L0s Enabled': 'L0s', 'L1 Enabled': 'L1'}.get(text, text)


def speeds(text):
    """2.5-8GT/s or 2.5GT/s or Unknown"""
    order = ['2.5', '5', '8', '16', '32', '64']
    if text in ('Unknown', 'RsvdP', '') or text.lower().startswith('unknown'):
        return None
    first, _, last = text.replace('GT/s', '').partition('-')
    return hex(sum(1 << order.index(s) for s in
                   order[order.index(first):order.index(last or first) + 1]))


def size(text):
    number, unit = re.fullmatch(r'(\d+)([KMGTPE]?)B', text).groups()
    return int(number) << 10 * ' KMGTPE'.index(unit or ' ')


def sizes(text):
    return hex(sum(1 << size(word).bit_length() - 21 for word in text.split()))


def devices(text):
    """0-2, 4"""
    bits = 0
    for part in text.split(','):
        first, _, last = part.strip().partition('-')
        for bit in range(int(first), int(last or first) + 1):
            bits |= 1 << bit
    return hex(bits)


def frequency(text):
    if text.startswith('['):
        return None  # lspci has no name for it
    if text.startswith('Vend'):
        return 'vendor'
    number, unit = re.fullmatch(r'([\d.]+)([MG])Hz', text).groups()
    return str(round(float(number) * (1000 if unit == 'G' else 1)))


def lanes(text):
    bits = sum(1 << int(lane) for lane in text.partition(': ')[2].split())
    return ('+mask', bits, 0xffff)  # lspci reads half of the register


SPEED = named({'2.5GT/s': '2.5', '5GT/s': '5', '8GT/s': '8', '16GT/s': '16', '32GT/s': '32',
               '64GT/s': '64', '128GT/s': '128'}, ('128',))
WIDTH = named({'8bit': '8bit', '16bit': '16bit', '32bit': '32bit', '2bit': '2bit',
               '4bit': '4bit', 'N/C': 'not_connected'})
VC_SELECT = named({'Fixed': 'fixed', 'WRR32': 'wrr32', 'WRR64': 'wrr64', 'WRR128': 'wrr128',
                   'TWRR128': 'twrr128', 'WRR256': 'wrr256'})
INDICATOR = named({'Unknown': 'unknown', 'On': 'on', 'Blink': 'blink', 'Off': 'off'})
DEEMPHASIS = named({'-6dB': '-6dB', '-3.5dB': '-3.5dB'})
ERRORS = ('DLP={0}data_link_protocol SDES={0}surprise_down TLP={0}poisoned_tlp '
          'FCP={0}flow_control_protocol CmpltTO={0}completion_timeout '
          'CmpltAbrt={0}completer_abort UnxCmplt={0}unexpected_completion '
          'RxOF={0}receiver_overflow MalfTLP={0}malformed_tlp ECRC={0}ecrc '
          'UnsupReq={0}unsupported_request ACSViol={0}acs_violation '
          'UncorrIntErr={0}internal BlockedTLP={0}mc_blocked_tlp '
          'AtomicOpBlocked={0}atomic_egress_blocked TLPBlockedErr={0}tlp_prefix_blocked '
          'PoisonTLPBlocked={0}poisoned_tlp_egress_blocked DMWrReqBlocked={0}dmwr_egress_blocked '
          'IDECheck={0}ide_check_failed MisIDETLP={0}misrouted_ide_tlp '
          'PCRC_CHECK={0}pcrc_check_failed TLPXlatBlocked={0}tlp_translation_egress_blocked')
CORRECTABLE = ('RxErr={0}receiver_error BadTLP={0}bad_tlp BadDLLP={0}bad_dllp '
               'Rollover={0}replay_rollover Timeout={0}replay_timeout '
               'AdvNonFatalErr={0}advisory_non_fatal CorrIntErr={0}corrected_internal '
               'HeaderOF={0}header_log_overflow')
ACS = ('SrcValid=source_validation_{0} TransBlk=translation_blocking_{0} '
       'ReqRedir=request_redirect_{0} CmpltRedir=completion_redirect_{0} '
       'UpstreamFwd=upstream_forwarding_{0} EgressCtrl=egress_control_{0} '
       'DirectTrans=direct_translated_{0}')
HT_LINK = ('CFlE=link{0}_crc_flood_enable CST=link{0}_crc_start_test '
           'CFE=link{0}_crc_force_error <LkFail=link{0}_failure '
           'Init=link{0}_initialization_complete EOC=link{0}_end_of_chain '
           'TXO=link{0}_transmitter_off IsocEn=link{0}_isochronous_enable '
           'LSEn=link{0}_ldtstop_tristate_enable ExtCTL=link{0}_extended_ctl '
           '64b=link{0}_addressing_64bit_enable')
HT_ERRORS = ('PFlE=protocol_flood_enable OFlE=overflow_flood_enable PFE=protocol_fatal_enable '
             'OFE=overflow_fatal_enable EOCFE=end_of_chain_fatal_enable '
             'RFE=response_fatal_enable CRCFE=crc_fatal_enable SERRFE=serr_fatal_enable '
             'CF=chain_fail RE=response_error PNFE=protocol_non_fatal_enable '
             'ONFE=overflow_non_fatal_enable EOCNFE=end_of_chain_non_fatal_enable '
             'RNFE=response_non_fatal_enable CRCNFE=crc_non_fatal_enable '
             'SERRNFE=serr_non_fatal_enable')
EQUALIZATION = ('EquComplete=equalization_complete EquPhase1=equalization_phase1 '
                'EquPhase2=equalization_phase2 EquPhase3=equalization_phase3 '
                'LinkEquRequest=link_equalization_request')
L1SS = ('PCI-PM_L1.2=pci_pm_l12_{0} PCI-PM_L1.1=pci_pm_l11_{0} ASPM_L1.2=aspm_l12_{0} '
        'ASPM_L1.1=aspm_l11_{0} L1_PM_Substates=substates_{0}')
IDE_STREAM = ('En={0}{1}_enable PCRC={0}{1}_pcrc_enable CFG=selective{1}_configuration_enable '
              'TeeLim=selective{1}_tee_limited')
ALGORITHM = named({'AES-GCM-256-96b': 'aes-gcm-256-96b'})

RULES = [
    ('pm', 'title', '', [(r'version (\d+)', 'version', int)]),
    ('pm', 'Flags', 'PMEClk=pme_clock DSI=device_specific_initialization D1=d1_supported '
     'D2=d2_supported', [(r'AuxCurrent=(\d+)mA', 'aux_current_ma', int)]),
    ('pm', 'Flags/PME', 'D0=pme_from_d0 D1=pme_from_d1 D2=pme_from_d2 D3hot=pme_from_d3hot '
     'D3cold=pme_from_d3cold', []),
    ('pm', 'Status', 'NoSoftRst=no_soft_reset PME-Enable=pme_enable PME=pme_status',
     [(r'Status: D(\d)', 'power_state', lambda t: 'D3hot' if t == '3' else 'D' + t),
      (r'DSel=(\d+)', 'data_select', int), (r'DScale=(\d+)', 'data_scale', int)]),
    ('pm', 'Bridge', 'PM=?bus_power_clock_control B3=?!b2_in_d3hot', []),
    ('agp|agp3', 'Status', 'Iso=isochronous_supported SBA=sideband_supported '
     'ITACoh=coherency_supported GART64=gart_64bit_supported '
     'HTrans=host_translation_disabled 64bit=above_4g_supported FW=fast_write_supported '
     'AGP3=agp3_mode',
     [(r'RQ=(\d+)', 'request_depth', int), (r'ArqSz=(\d+)', 'async_request_size', int), (r'Cal=(\d+)', 'calibration_cycle', int),
      (r'Rate=(\S+)', 'rates_supported', rate_bits)]),
    ('agp|agp3', 'Command', 'SBA=sideband_enable AGP=agp_enable GART64=gart_64bit_enable '
     '64bit=above_4g_enable FW=fast_write_enable',
     [(r'RQ=(\d+)', 'control_request_depth', int),
      (r'ArqSz=(\d+)', 'control_async_request_size', int),
      (r'Cal=(\d+)', 'control_calibration_cycle', int),
      (r'Rate=(\S+)', 'rate_selected', rate_bits)]),
    ('agp|agp3', 'title', '', [(r'version ([0-9a-f])\.', 'major_revision', lambda t: int(t, 16)),
                               (r'version [0-9a-f]\.([0-9a-f])', 'minor_revision',
                                lambda t: int(t, 16))]),
    ('slot_id', 'title', 'First=first_in_chassis',
     [(r'(\d+) slots', 'expansion_slots', int), (r'chassis ([0-9a-f]+)', 'chassis', hexed)]),
    ('msi', 'title', 'Enable=enable Maskable=per_vector_masking 64bit=address_64bit',
     [(r'Count=(\d+)/', 'vectors_enabled', int), (r'Count=\d+/(\d+)', 'vectors_capable', int)]),
    ('msi', 'Address', '', [(r'Address: ([0-9a-f]+)', 'message_address', hexed),
                            (r'Data: ([0-9a-f]+)', 'message_data', hexed)]),
    ('msi', 'Masking', '', [(r'Masking: ([0-9a-f]+)', 'mask_bits', hexed),
                            (r'Pending: ([0-9a-f]+)', 'pending_bits', hexed)]),
    ('msix', 'title', 'Enable=enable Masked=function_mask',
     [(r'Count=(\d+)', 'table_size', int)]),
    ('msix', 'Vector table', '', [(r'BAR=(\d+)', 'table_bar', int),
                                  (r'offset=([0-9a-f]+)', 'table_offset', hexed)]),
    ('msix', 'PBA', '', [(r'BAR=(\d+)', 'pba_bar', int),
                         (r'offset=([0-9a-f]+)', 'pba_offset', hexed)]),
    ('af', 'AFCap', 'TP=transactions_pending_capable FLR=flr', []),
    ('af', 'AFCtrl', 'FLR=initiate_flr', []),
    ('af', 'AFStatus', 'TP=transactions_pending', []),
    ('debug_port', 'title', '', [(r'BAR=(\d+)', 'debug_bar', int),
                                 (r'offset=([0-9a-f]+)', 'debug_offset', hexed)]),
    ('ssvid', 'title', '', [(r'\[([0-9a-f]{4}):', 'subsystem_vendor', identified),
                            (r'\[[0-9a-f]{4}:([0-9a-f]{4})\]', 'subsystem_device', identified)]),
    ('sata', 'title', '', [(r'v(\d+)\.', 'major_revision', int),
                           (r'v\d+\.(\d+)', 'minor_revision', int),
                           (r'BAR(\d+)', 'index_data_bar', int),
                           (r'Offset=([0-9a-f]+)', 'bar_offset_dwords', hexed)]),
    ('vndr', 'title', '', [(r'Information: Len=([0-9a-f]+)', 'length', lambda t: int(t, 16)),
                           (r'ID=([0-9a-f]+)', 'vsec_id', identified),
                           (r'Rev=(\d+)', 'vsec_revision', int),
                           (r'ID.*Len=([0-9a-f]+)', 'length', lambda t: int(t, 16)),
                           (r'VirtIO: (\w+)', 'virtio_structure', named(
                               {'CommonCfg': 'common_cfg', 'Notify': 'notify', 'ISR': 'isr',
                                'DeviceCfg': 'device_cfg'}))]),
    ('vndr', 'BAR=.*', '', [(r'BAR=(\d+)', 'virtio_bar', int),
                            (r'offset=([0-9a-f]+)', 'virtio_offset', hexed),
                            (r'size=([0-9a-f]+)', 'virtio_length', hexed),
                            (r'multiplier=([0-9a-f]+)', 'notify_off_multiplier', hexed)]),
    ('ea', 'title', '', [(r'NumEntries=(\d+)', 'entry_count', int),
                         (r'secondary=(\d+)', 'fixed_secondary_bus', int),
                         (r'subordinate=(\d+)', 'fixed_subordinate_bus', int)]),
    ('ea', r'Entry (\d+)', 'Enable=entry{0}_enable Writable=entry{0}_writable',
     [(r'EntrySize=(\d+)', 'entry{0}_size_dwords', int),
      (r'Indicator: (VF-BAR \d|BAR \d|\S+)', 'entry{0}_bar_equivalent', equivalent),
      (r' Base: ([0-9a-f]+)', 'entry{0}_base', hexed),
      (r'MaxOffset: ([0-9a-f]+)', 'entry{0}_max_offset', hexed),
      (r'PrimaryProperties: .*?\[([0-9a-f]+)\]', 'entry{0}_primary_properties', hexed),
      (r'SecondaryProperties: .*?\[([0-9a-f]+)\]', 'entry{0}_secondary_properties', hexed)]),
    ('pcix', 'Command', 'DPERE=parity_error_recovery ERO=relaxed_ordering',
     [(r'RBC=(\d+)', 'max_read_count_bytes', int), (r'OST=(\d+)', 'max_split_transactions', int)]),
    ('pcix', 'Status', '64bit=bus_64bit 133MHz=capable_133mhz SCD=split_completion_discarded '
     'USC=unexpected_split_completion SCO=split_completion_overrun SRD=split_request_delayed '
     'RSCEM=split_completion_error 266MHz=capable_266mhz 533MHz=capable_533mhz',
     [(r'Dev=([0-9a-f]+):', 'bus', lambda t: int(t, 16)),
      (r'Dev=\w+:([0-9a-f]+)', 'device', lambda t: int(t, 16)),
      (r'Dev=\w+:\w+\.(\d)', 'function', int),
      (r'DC=(\w+)', 'complex_device', lambda t: t == 'bridge'),
      (r'DMMRBC=(\d+)', 'designed_max_read_count_bytes', int),
      (r'DMOST=(\d+)', 'designed_max_split_transactions', int),
      (r'DMCRS=(\d+)', 'designed_max_cumulative_read_bytes', lambda t: int(t) * 128)]),
    ('pcix', 'Secondary Status', '64bit=secondary_64bit 133MHz=secondary_capable_133mhz '
     'SCD=secondary_split_completion_discarded USC=secondary_unexpected_split_completion '
     'SCO=secondary_split_completion_overrun SRD=secondary_split_request_delayed', []),
    ('pcix', '(Up|Down)stream', '',
     [(r'Up.*Capacity=(\d+)', 'upstream_split_capacity', int),
      (r'Up.*Limit=(\d+)', 'upstream_split_commitment_limit', int),
      (r'Down.*Capacity=(\d+)', 'downstream_split_capacity', int),
      (r'Down.*Limit=(\d+)', 'downstream_split_commitment_limit', int)]),
    ('ht', 'title', 'Enable=enable Fixed=fixed',
     [(r'HyperTransport: (.*?)(?: Enable.*)?$', 'ht_type', lambda t: {
         'Slave or Primary Interface': 'slave', 'Host or Secondary Interface': 'host',
         'MSI Mapping': 'msi_mapping', 'Retry Mode': 'retry_mode',
         'UnitID Clumping': 'unit_id_clumping', 'Switch': 'switch'}.get(t))]),
    ('ht', 'Command', 'MastHost=master_host DefDir=default_direction DUL=drop_on_uninitialized '
     'WarmRst=warm_reset DblEnd=double_ended ChainSide=chain_side HostHide=host_hide '
     'Slave=act_as_slave <EOCErr=host_inbound_eoc_error',
     [(r'BaseUnitID=(\d+)', 'base_unit_id', int), (r'UnitCnt=(\d+)', 'unit_count', int),
      (r'DevNum=(\d+)', 'device_number', int)]),
    ('ht', r'Link Control ?(\d?)', HT_LINK,
     [(r'CRCErr=(\w+)', 'link{0}_crc_error', hexed)]),
    ('ht', r'Link Config ?(\d?)', 'DwFcIn=link{0}_doubleword_flow_control_in '
     'DwFcOut=link{0}_doubleword_flow_control_out '
     'DwFcInEn=link{0}_doubleword_flow_control_in_enable '
     'DwFcOutEn=link{0}_doubleword_flow_control_out_enable',
     [(r'MLWI=(\S+)', 'link{0}_max_width_in', WIDTH),
      (r'MLWO=(\S+)', 'link{0}_max_width_out', WIDTH),
      (r'\bLWI=(\S+)', 'link{0}_width_in', WIDTH), (r'\bLWO=(\S+)', 'link{0}_width_out', WIDTH)]),
    ('ht', r'Link Frequency ?(\d?)', '', [(r': (\S+)', 'link{0}_frequency_mhz', frequency)]),
    ('ht', r'Link Error ?(\d?)', '<Prot=link{0}_protocol_error <Ovfl=link{0}_overflow_error '
     '<EOC=link{0}_end_of_chain_error CTLTm=link{0}_ctl_timeout', []),
    ('ht', r'Link Frequency Capability ?(\d?)', '',
     [(r': (.*)', 'link{0}_frequencies_supported', lambda t: (  # lspci reads half of it
         '+mask', sum(1 << (15 if i == 10 else i) for i, w in enumerate(t.split())
                      if w.endswith('+')) & 0xff, 0xff))]),
    ('ht', 'Feature Capability', 'IsocFC=isochronous_flow_control LDTSTOP=ldtstop_supported '
     'CRCTM=crc_test_mode ECTLT=extended_ctl_time_required 64bA=addressing_64bit '
     'UIDRD=unit_id_reorder_disable ExtRS=extended_registers '
     'UCnfE=upstream_configuration_enable', []),
    ('ht', 'Error Handling', HT_ERRORS, []),
    ('ht', 'Revision ID', '', [(r': (\d+)\.', 'major_revision', int),
                               (r'\.(\d+)', 'minor_revision', int)]),
    ('ht', 'Prefetchable.*', '', [(r': (\w\w)-', 'memory_base_upper', hexed),
                                  (r'-(\w\w)$', 'memory_limit_upper', hexed)]),
    ('ht', 'Bus Number', '', [(r': (\w\w)', 'bus_number', lambda t: int(t, 16))]),
    ('ht', 'Mapping Address Base', '', [(r': (\w+)', 'mapping_address', hexed)]),

    ('pcie', 'title', '',
     [(r'\(v(\d+)\)', 'version', int), (r'(?:MSI|IntMsgNum) (\w+)', 'interrupt_message_number',
                                        lambda t: int(t, 16)),
      (r'\(Slot([+-])\)', 'slot_implemented', lambda t: t == '+'),
      (r'\) (.*?)(?: \(Slot.\))?, (?:MSI|Int)', 'port_type', named({
          'Endpoint': 'endpoint', 'Legacy Endpoint': 'legacy_endpoint',
          'Root Port': 'root_port', 'Upstream Port': 'upstream_port',
          'Downstream Port': 'downstream_port',
          'PCI-Express to PCI/PCI-X Bridge': 'pcie_to_pci_bridge',
          'PCI/PCI-X to PCI-Express Bridge': 'pci_to_pcie_bridge',
          'Root Complex Integrated Endpoint': 'root_complex_endpoint',
          'Root Complex Event Collector': 'root_complex_event_collector'}))]),
    ('pcie', 'DevCap', 'ExtTag=extended_tag_supported AttnBtn=attention_button '
     'AttnInd=attention_indicator PwrInd=power_indicator RBE=role_based_error_reporting '
     'FLReset=flr TEE-IO=tee_io_supported',
     [(r'MaxPayload (\d+)', 'max_payload_supported_bytes', int),
      (r'PhantFunc (\d+)', 'phantom_functions', int),
      (r'Latency L0s <?(\w+)', 'l0s_acceptable_latency', same),
      (r', L1 <?(\w+)', 'l1_acceptable_latency', same),
      (r'SlotPowerLimit (>?[\d.]+)W', 'captured_slot_power_limit_mw', milliwatts)]),
    ('pcie', 'DevCtl', 'CorrErr=correctable_error_reporting '
     'NonFatalErr=non_fatal_error_reporting FatalErr=fatal_error_reporting '
     'UnsupReq=unsupported_request_reporting RlxdOrd=relaxed_ordering '
     'ExtTag=extended_tag_enable PhantFunc=phantom_functions_enable AuxPwr=aux_power_enable '
     'NoSnoop=no_snoop FLReset=initiate_flr BrConfRtry=bridge_configuration_retry',
     [(r'MaxPayload (\d+)', 'max_payload_bytes', int),
      (r'MaxReadReq (\d+)', 'max_read_request_bytes', int)]),
    ('pcie', 'DevSta', 'CorrErr=correctable_error_detected NonFatalErr=non_fatal_error_detected '
     'FatalErr=fatal_error_detected UnsupReq=unsupported_request_detected '
     'AuxPwr=aux_power_detected TransPend=transactions_pending', []),
    ('pcie', 'LnkCap', 'ClockPM=clock_power_management Surprise=surprise_down_reporting '
     'LLActRep=link_active_reporting BwNot=bandwidth_notification '
     'ASPMOptComp=aspm_optionality_compliance',
     [(r'Port #(\d+)', 'port_number', int), (r'Speed ([^,]+),', 'max_link_speed_gts', SPEED),
      (r'Width x(\d+)', 'max_link_width', int),
      (r'ASPM ([^,]+?)(?:,|$| Clock)', 'aspm_support', aspm),
      (r'Latency.*?L0s (<?\w+)', 'l0s_exit_latency', same),
      (r'Latency.*?L1 (<?\w+)', 'l1_exit_latency', same)]),
    ('pcie', 'LnkCtl', 'LnkDisable=link_disable Disabled=link_disable '
     'CommClk=common_clock ExtSynch=extended_synch '
     'ClockPM=clock_power_management_enable AutWidDis=autonomous_width_disable '
     'BWInt=bandwidth_management_interrupt AutBWInt=autonomous_bandwidth_interrupt '
     'FltModeDis=flit_mode_disable',
     [(r'ASPM ([^;]+);', 'aspm_control', aspm),
      (r'RCB (\d+)', 'read_completion_boundary_bytes', int)]),
    ('pcie', 'LnkSta', 'TrErr=link_training_error Train=link_training SlotClk=slot_clock '
     'DLActive=link_active BWMgmt=bandwidth_management_status '
     'ABWMgmt=autonomous_bandwidth_status',
     [(r'Speed ([^, ]+)', 'link_speed_gts', SPEED), (r'Width x(\d+)', 'link_width', int)]),
    ('pcie', 'SltCap', 'AttnBtn=slot_attention_button PwrCtrl=slot_power_controller '
     'MRL=slot_mrl_sensor AttnInd=slot_attention_indicator PwrInd=slot_power_indicator '
     'HotPlug=slot_hot_plug_capable Surprise=slot_hot_plug_surprise Interlock=slot_interlock '
     'NoCompl=slot_no_command_completed',
     [(r'Slot #(\d+)', 'slot_number', int),
      (r'PowerLimit (>?[\d.]+)W', 'slot_power_limit_mw', milliwatts)]),
    ('pcie', 'SltCtl', 'AttnBtn=slot_attention_button_enable PwrFlt=slot_power_fault_enable '
     'MRL=slot_mrl_sensor_enable PresDet=slot_presence_detect_enable '
     'CmdCplt=slot_command_completed_enable HPIrq=slot_hot_plug_interrupt_enable '
     'LinkChg=slot_link_state_enable Power=slot_power_off Interlock=slot_interlock_control',
     [(r'AttnInd (\w+)', 'slot_attention_indicator_control', INDICATOR),
      (r'PwrInd (\w+)', 'slot_power_indicator_control', INDICATOR)]),
    ('pcie', 'SltSta', 'AttnBtn=slot_attention_button_pressed PowerFlt=slot_power_fault '
     'MRL=slot_mrl_open CmdCplt=slot_command_completed PresDet=slot_presence_detected '
     'Interlock=slot_interlock_engaged', []),
    ('pcie', 'SltSta/Changed', 'MRL=slot_mrl_sensor_changed PresDet=slot_presence_changed '
     'LinkState=slot_link_state_changed', []),
    ('pcie', 'RootCap', 'CRSVisible=crs_visibility_supported', []),
    ('pcie', 'RootCtl', 'ErrCorrectable=system_error_on_correctable '
     'ErrNon-Fatal=system_error_on_non_fatal ErrFatal=system_error_on_fatal '
     'PMEIntEna=pme_interrupt_enable CRSVisible=crs_visibility_enable', []),
    ('pcie', 'RootSta', 'PMEStatus=pme_status PMEPending=pme_pending',
     [(r'ReqID ([0-9a-f]+)', 'pme_requester', hexed)]),
    ('pcie', 'DevCap2', 'TimeoutDis=completion_timeout_disable_supported '
     'NROPrPrP=no_relaxed_peer_to_peer LTR=ltr_supported 10BitTagComp=tag_10bit_completer '
     '10BitTagReq=tag_10bit_requester ExtFmt=extended_fmt_field '
     'EETLPPrefix=end_to_end_prefix_supported FRS=frs_supported '
     'EmergencyPowerReductionInit=emergency_power_reduction_init TPHComp=tph_completer '
     'ExtTPHComp=extended_tph_completer ARIFwd=ari_forwarding_supported '
     'Routing=atomic_routing_supported 32bit=atomic_completer_32bit '
     '64bit=atomic_completer_64bit 128bitCAS=atomic_completer_128bit_cas',
     [(r'Timeout: ([^,]+),', 'completion_timeout_ranges',
       lambda t: 'none' if t == 'Not Supported' else t[6:] if t.startswith('Range') else UNKNOWN),
      (r'OBFF ([^,]+),', 'obff_supported', named(
          {'Not Supported': 'none', 'Via message': 'message', 'Via WAKE#': 'wake',
           'Via message/WAKE#': 'message wake'})),
      (r'MaxEETLPPrefixes (\d+)', 'max_end_to_end_prefixes', int),
      (r'System CLS ([^,]+),', 'ln_system_cache_line', named(
          {'Not Supported': 'none', '64byte cachelines': '64B', '128byte cachelines': '128B'})),
      (r'Reduction ([^,]+),', 'emergency_power_reduction', named(
          {'Not Supported': 'none', 'Dev Specific': 'device_specific',
           'Device Specific': 'device_specific',
           'Form Factor Dev Specific': 'form_factor', 'Device/Form Factor': UNKNOWN}))]),
    ('pcie', 'DevCtl2', 'TimeoutDis=completion_timeout_disable ARIFwd=ari_forwarding_enable '
     'ReqEn=atomic_requester_enable EgressBlck=atomic_egress_blocking '
     'IDOReq=ido_request_enable IDOCompl=ido_completion_enable LTR=ltr_enable '
     'EmergencyPowerReductionReq=emergency_power_reduction_request '
     '10BitTagReq=tag_10bit_requester_enable EETLPPrefixBlk=end_to_end_prefix_blocking',
     [(r'Timeout: ([^,]+),', 'completion_timeout',
       lambda t: t if ' to ' in t else UNKNOWN),
      (r'OBFF ([^,]+),', 'obff_enable', named(
          {'Disabled': 'disabled', 'Via message A': 'message_a', 'Via message B': 'message_b',
           'Via WAKE#': 'wake'}))]),
    ('pcie', 'LnkCap2', 'Crosslink=crosslink_supported Retimer=retimer_detect_supported '
     '2Retimers=two_retimers_detect_supported DRS=drs_supported',
     [(r'Speeds: ([^,]+),', 'supported_speeds', lambda t: ('range', speeds(t)))]),
    ('pcie', 'LnkCtl2', 'EnterCompliance=enter_compliance SpeedDis=autonomous_speed_disable '
     'EnterModifiedCompliance=enter_modified_compliance ComplianceSOS=compliance_sos',
     [(r'Target Link Speed: ([^,]+),', 'target_link_speed_gts', SPEED),
      (r'Selectable De-emphasis: (\S+)', 'selectable_deemphasis', DEEMPHASIS),
      (r'Margin: ([^,]+),', 'transmit_margin', named(
          {'Normal Operating Range': 'normal',
           '800-1200mV(full-swing)/400-700mV(half-swing)': '800-1200mV/400-700mV',
           '200-400mV(full-swing)/100-200mV(half-swing)': '200-400mV/100-200mV'})),
      (r'Preset/De-emphasis: (.*?)$', 'compliance_preset',
       lambda t: t if 'dB' in t else UNKNOWN)]),
    ('pcie', 'LnkSta2', 'EqualizationComplete=equalization_complete '
     'EqualizationPhase1=equalization_phase1 EqualizationPhase2=equalization_phase2 '
     'EqualizationPhase3=equalization_phase3 '
     'LinkEqualizationRequest=link_equalization_request Retimer=retimer_detected '
     '2Retimers=two_retimers_detected DRS=drs_message_received FltMode=flit_mode',
     [(r'Emphasis Level: (\S+),|emphasis Level: (\S+),', 'current_deemphasis', DEEMPHASIS),
      (r'CrosslinkRes: ([^,]+?)(?:,|$| Down)', 'crosslink_resolution', named(
          {'unsupported': 'unsupported', 'Upstream Port': 'upstream_port',
           'Downstream Port': 'downstream_port', 'incomplete': 'incomplete'})),
      (r'DownstreamComp: (.*)$', 'downstream_component', named(
          {'Link Down - Not Determined': 'link_down_not_determined',
           'Link Down - Not Present': 'link_down_not_present',
           'Link Down - Present': 'link_down_present', 'Link Up - Present': 'link_up_present',
           'Link Up - Present and DRS Received': 'link_up_present_drs'}))]),

    ('aer', 'UESta', ERRORS.replace('{0}', 'uncorrectable_status_'), []),
    ('aer', 'UEMsk', ERRORS.replace('{0}', 'uncorrectable_mask_'), []),
    ('aer', 'UESvrt', ERRORS.replace('{0}', 'uncorrectable_fatal_'), []),
    ('aer', 'CESta', CORRECTABLE.replace('{0}', 'correctable_status_'), []),
    ('aer', 'CEMsk', CORRECTABLE.replace('{0}', 'correctable_mask_'), []),
    ('aer', 'AERCap', 'ECRCGenCap=ecrc_generation_capable ECRCGenEn=ecrc_generation_enable '
     'ECRCChkCap=ecrc_check_capable ECRCChkEn=ecrc_check_enable '
     'MultHdrRecCap=multiple_header_capable MultHdrRecEn=multiple_header_enable '
     'TLPPfxPres=tlp_prefix_log_present HdrLogCap=completion_timeout_header_log_capable',
     [(r'Pointer: (\w+)', 'first_error_pointer', lambda t: int(t, 16))]),
    ('aer', 'HeaderLog', '', [(r': (\w+)', 'header_log0', hexed),
                              (r': \w+ (\w+)', 'header_log1', hexed),
                              (r': \w+ \w+ (\w+)', 'header_log2', hexed),
                              (r': \w+ \w+ \w+ (\w+)', 'header_log3', hexed)]),
    ('aer', 'RootCmd', 'CERptEn=correctable_interrupt_enable '
     'NFERptEn=non_fatal_interrupt_enable FERptEn=fatal_interrupt_enable', []),
    ('aer', 'RootSta', 'CERcvd=correctable_received '
     'MultCERcvd=multiple_correctable_received UERcvd=uncorrectable_received '
     'MultUERcvd=multiple_uncorrectable_received FirstFatal=first_uncorrectable_fatal '
     'NonFatalMsg=non_fatal_received FatalMsg=fatal_received',
     [(r'(?:IntMsg|IntMsgNum) (\d+)', 'interrupt_message_number', int)]),
    ('aer', 'ErrorSrc', '', [(r'ERR_COR: (\w+)', 'correctable_source', hexed),
                             (r'NONFATAL: (\w+)', 'uncorrectable_source', hexed)]),
    ('dpc', 'DpcCap', 'RPExt=root_port_extensions '
     'PoisonedTLP=poisoned_egress_blocking_supported SwTrigger=software_trigger_supported '
     'DL_ActiveErr=link_active_error_supported',
     [(r'(?:Msg #|IntMsgNum )(\d+)', 'interrupt_message_number', int),
      (r'PIO Log (\d+)', 'rp_pio_log_dwords', int)]),
    ('dpc', 'DpcCtl', 'Cmpl=completion_control INT=interrupt_enable '
     'ErrCor=correctable_error_enable PoisonedTLP=poisoned_egress_blocking_enable '
     'SwTrigger=software_trigger DL_ActiveErr=link_active_error_enable',
     [(r'Trigger:(\w)', 'trigger_enable', named({'0': 'disabled', '1': 'fatal',
                                                  '2': 'non_fatal'}))]),
    ('dpc', 'DpcSta', 'Trigger=triggered INT=interrupt_status RPBusy=root_port_busy',
     [(r'Reason:(\w+)', 'trigger_reason', named({'00': 'uncorrectable', '01': 'err_nonfatal',
                                                  '02': 'err_fatal', '03': 'extended'})),
      (r'TriggerExt:(\w+)', 'trigger_reason_extended', named({'00': 'rp_pio',
                                                               '01': 'software'})),
      (r'ErrPtr:(\w+)', 'rp_pio_first_error_pointer', lambda t: int(t, 16))]),
    ('rc_event_collector', 'RCiEPBitmap', '',
     [(r'Device\(s\): ([\d ,-]+)', 'endpoint_bitmap', devices)]),
    ('dpc', 'Source', '', [(r':\s*(\w+)', 'error_source', hexed)]),
    ('rc_event_collector', 'AssociatedBusNumbers', '',
     [(r': (\w\w)-', 'next_bus', lambda t: int(t, 16)),
      (r'-(\w\w)', 'last_bus', lambda t: int(t, 16))]),

    ('vc|mfvc', 'Caps', '', [(r'LPEVC=(\d+)', 'low_priority_vc_count', int),
                             (r'RefClk=(\w+)', 'reference_clock', named({'100ns': '100ns'})),
                             (r'EntryBits=(\d+)', 'port_table_entry_bits', int)]),
    ('vc|mfvc', 'Arb', 'Fixed=arbitration_fixed WRR32=arbitration_wrr32 '
     'WRR64=arbitration_wrr64 WRR128=arbitration_wrr128', []),
    ('vc|mfvc', 'Ctrl', '', [(r'ArbSelect=(\S+)', 'arbitration_select', VC_SELECT)]),
    ('vc|mfvc', 'Status', 'InProgress=arbitration_in_progress', []),
    ('vc|mfvc', r'VC(\d)', 'RejSnoopTrans=vc{0}_reject_snoop',
     [(r'PATOffset=(\w+)', 'vc{0}_port_table_offset', hexed),
      (r'MaxTimeSlots=(\d+)', 'vc{0}_max_time_slots', int)]),
    ('vc|mfvc', r'VC(\d)/Arb', 'Fixed=vc{0}_arbitration_fixed WRR32=vc{0}_arbitration_wrr32 '
     'WRR64=vc{0}_arbitration_wrr64 WRR128=vc{0}_arbitration_wrr128 '
     'TWRR128=vc{0}_arbitration_twrr128 WRR256=vc{0}_arbitration_wrr256', []),
    ('vc|mfvc', r'VC(\d)/Ctrl', 'Enable=vc{0}_enable',
     [(r'ID=(\d)', 'vc{0}_id', int), (r'ArbSelect=(\S+)', 'vc{0}_arbitration_select', VC_SELECT),
      (r'TC/VC=(\w+)', 'vc{0}_tc_map', hexed)]),
    ('vc|mfvc', r'VC(\d)/Status', 'NegoPending=vc{0}_negotiation_pending '
     'InProgress=vc{0}_arbitration_in_progress', []),
    ('dsn', 'title', '', [(r'Number (\S+)', 'serial_number', same)]),
    ('rc_link', 'Desc', '', [(r'PortNumber=(\w+)', 'port_number', hexed),
                             (r'ComponentID=(\w+)', 'component_id', hexed),
                             (r'EltType=(\w+)', 'element_type', named(
                                 {'Config': 'configuration', 'Egress': 'egress_port',
                                  'Int': 'internal_link'}))]),
    ('rc_link', r'Link(\d+)', 'AssocRCRB=link{0}_associated_rcrb LinkValid=link{0}_valid',
     [(r'TargetPort=(\w+)', 'link{0}_target_port', hexed),
      (r'TargetComponent=(\w+)', 'link{0}_target_component', hexed),
      (r'LinkType=(\w+)', 'link{0}_type', named({'MemMapped': 'memory_mapped',
                                                  'Config': 'configuration'}))]),
    ('rc_link', r'Link(\d+)/Addr', '', [(r':\s*([0-9a-f]{16})', 'link{0}_address', hexed),
                                        (r'CfgSpace=(\w+)', 'link{0}_address', hexed)]),
    ('acs', 'ACSCap', ACS.replace('{0}', 'supported'), []),
    ('acs', 'ACSCtl', ACS.replace('{0}', 'enabled'), []),
    ('ari', 'ARICap', 'MFVC=mfvc_groups_supported ACS=acs_groups_supported',
     [(r'Function: (\d+)', 'next_function', int)]),
    ('ari', 'ARICtl', 'MFVC=mfvc_groups_enable ACS=acs_groups_enable',
     [(r'Group: (\d+)', 'function_group', int)]),
    ('ats', 'ATSCap', '', [(r'Depth: (\w+)', 'invalidate_queue_depth',
                            lambda t: int(t, 16) or 32)]),
    ('ats', 'ATSCtl', 'Enable=enable', [(r'Unit: (\w+)', 'smallest_translation_unit',
                                         lambda t: int(t, 16))]),
    ('sriov', 'IOVCap', 'Migration=vf_migration_capable '
     '10BitTagReq=vf_tag_10bit_requester_supported',
     [(r'Number: (\w+)', 'interrupt_message_number', lambda t: int(t, 16)),
      (r'IntMsgNum (\d+)', 'interrupt_message_number', int)]),
    ('sriov', 'IOVCtl', 'Enable=vf_enable Migration=vf_migration_enable '
     'Interrupt=vf_migration_interrupt_enable MSE=vf_memory_enable '
     'ARIHierarchy=ari_capable_hierarchy 10BitTagReq=vf_tag_10bit_requester_enable', []),
    ('sriov', 'IOVSta', 'Migration=vf_migration_status', []),
    ('sriov', 'Initial VFs', '', [(r'Initial VFs: (\d+)', 'initial_vfs', int),
                                  (r'Total VFs: (\d+)', 'total_vfs', int),
                                  (r'Number of VFs: (\d+)', 'num_vfs', int),
                                  (r'Link: (\w+)', 'function_dependency_link', hexed)]),
    ('sriov', 'VF offset', '', [(r'offset: (\d+)', 'first_vf_offset', int),
                                (r'stride: (\d+)', 'vf_stride', int),
                                (r'ID: (\w+)', 'vf_device_id', identified)]),
    ('sriov', 'Supported Page Size', '', [(r'Supported.*?: (\w+)', 'supported_page_sizes', hexed),
                                          (r'System.*?: (\w+)', 'system_page_size', hexed)]),
    ('sriov', r'Region (\d)', '', [
        (r'at ([0-9a-f]+)', 'vf_bar{0}_address', hexed),
        (r'\((\d\d)-bit', 'vf_bar{0}_kind', lambda t: (
            'memory_%sbit' % t, 'reserved', 'memory_1mb')),
        (r', ((?:non-)?prefetchable)', 'vf_bar{0}_prefetchable', lambda t: t == 'prefetchable')]),
    ('sriov', 'VF Migration', '', [(r'offset: (\w+)', 'vf_migration_state_offset', hexed),
                                   (r'BIR: (\d)', 'vf_migration_state_bar', int)]),
    ('pri', 'PRICtl', 'Enable=enable Reset=reset', []),
    ('pri', 'PRISta', 'RF=response_failure UPRGI=unexpected_group_index Stopped=stopped '
     'PASID=pasid_required', []),
    ('pri', 'Page Request Capacity', '',
     [(r'Capacity: (\w+)', 'request_capacity', lambda t: int(t, 16)),
      (r'Allocation: (\w+)', 'request_allocation', lambda t: int(t, 16))]),
    ('pasid', 'PASIDCap', 'Exec=execute_supported Priv=privileged_supported',
     [(r'Width: (\w+)', 'max_width', lambda t: int(t, 16))]),
    ('pasid', 'PASIDCtl', 'Enable=enable Exec=execute_enable Priv=privileged_enable', []),
    ('rebar|vf_rebar', r'BAR (\d)', '', []),
    ('tph', 'No steering.*|Steering table in .*|Interrupt vector.*|'
     'Device spec.*|Reserved steering.*|Extended req.*',
     '', [(r'(No) steering', 'st_table_location', lambda _: 'none'),
          (r'(Reserved) steering', 'st_table_location', lambda _: 'reserved'),
          (r'(table) in TPH', 'st_table_location', lambda _: 'capability'),
          (r'(table) in MSI', 'st_table_location', lambda _: 'msix_table'),
          (r'(Interrupt vector) mode', 'interrupt_vector_mode_supported', is_true),
          (r'(Device specific) mode', 'device_specific_mode_supported', is_true),
          (r'(Extended) requester', 'extended_tph_supported', is_true)]),
    ('ltr', 'Max snoop latency', '', [(r': (\d+)ns', 'max_snoop_latency_ns', int)]),
    ('ltr', 'Max no snoop latency', '', [(r': (\d+)ns', 'max_no_snoop_latency_ns', int)]),
    ('secpci', 'LnkCtl3', 'LnkEquIntrruptEn=equalization_interrupt_enable '
     'PerformEqu=perform_equalization', []),
    ('secpci', 'LaneErrStat', '', [(r'LaneErrStat: (.*)', 'lane_error_status', lanes)]),
    ('l1ss', 'L1SubCap', L1SS.replace('{0}', 'supported'),
     [(r'RestoreTime=(\d+)us', 'port_common_mode_restore_us', int),
      (r'PowerOnTime=(\d+)us', 'port_power_on_us', int)]),
    ('l1ss', 'L1SubCtl1', L1SS.replace('{0}', 'enable'),
     [(r'CommonMode=(\d+)us', 'common_mode_restore_us', int),
      (r'Threshold=(\d+)ns', 'ltr_l12_threshold_ns', int)]),
    ('l1ss', 'L1SubCtl2', '', [(r'PwrOn=(\d+)us', 'power_on_us', int)]),
    ('ptm', 'PTMCap', 'Requester:=requester_capable Responder:=responder_capable '
     'Root:=root_capable Requester=requester_capable Responder=responder_capable '
     'Root=root_capable', []),
    ('ptm', 'PTMClockGranularity', '', [(r': (\d+)ns', 'local_clock_granularity_ns', int)]),
    ('ptm', 'PTMControl', 'Enabled:=enable RootSelected:=root_selected Enabled=enable '
     'RootSelected=root_selected', []),
    ('ptm', 'PTMEffectiveGranularity', '', [(r': (\d+)ns', 'effective_granularity_ns', int)]),
    ('16gt', 'Phy16Sta', EQUALIZATION, []),
    ('32gt', 'Phy32Cap', 'EqualizationBypass=equalization_bypass_supported '
     'NoEqualizationNeeded=no_equalization_needed_supported '
     'ModTsMode0=modified_ts_mode0_supported ModTsMode1=modified_ts_mode1_supported '
     'ModTsMode2=modified_ts_mode2_supported', []),
    ('32gt', 'Phy32Ctl', 'EqualizationBypassDis=equalization_bypass_disable '
     'NoEqualizationNeededDis=no_equalization_needed_disable',
     [(r'Usage Mode: (PCI Express|Training Set Messages|Alternate Protocol|.*$)',
       'modified_ts_mode', named(
         {'PCI Express': 'pci_express', 'Training Set Messages': 'training_set_messages',
          'Alternate Protocol': 'alternate_protocol'}))]),
    ('32gt', 'Phy32Sta', EQUALIZATION + ' ModTsRecv=modified_ts_received '
     'TxPrecodeOn=transmitter_precoding TxPrecodeReq=transmitter_precoding_request '
     'NoEqualizationNeededRecv=no_equalization_needed_received',
     [(r'Behavior Control: (Full Eq|Equalization by|No Eq|.*$)', 'enhanced_link_behavior', named(
         {'Full Eq': 'full_equalization',
          'Equalization by': 'equalization_bypass',
          'No Eq': 'no_equalization_needed'}))]),
    ('64gt', 'Phy64Sta', EQUALIZATION + ' TxPrecodeOn=transmitter_precoding '
     'TxPrecodeReq=transmitter_precoding_request '
     'NoEqualizationNeededRecv=no_equalization_needed_received', []),
    ('lane_margin', 'PortCap', 'Driver=uses_driver_software', []),
    ('lane_margin', 'PortSta', 'MargReady=ready MargSoftReady=software_ready', []),
    ('multicast', 'McastCap', 'ECRCRegen=ecrc_regeneration_supported',
     [(r'MaxGroups (\d+)', 'max_groups', int), (r'WindowSz (\d+)', 'window_size_requested', int)]),
    ('multicast', 'McastCtl', 'Enable=enable', [(r'NumGroups (\d+)', 'groups', int)]),
    ('multicast', 'McastBAR', '', [(r'IndexPos (\d+)', 'index_position', int),
                                   (r'BaseAddr (\w+)', 'base_address', hexed)]),
    ('multicast', 'McastReceiveVec', '', [(r':\s+(\w+)', 'receive', hexed)]),
    ('multicast', 'McastBlockAllVec', '', [(r':\s+(\w+)', 'block_all', hexed)]),
    ('multicast', 'McastBlockUntransVec', '', [(r':\s+(\w+)', 'block_untranslated', hexed)]),
    ('multicast', 'McastOverlayBAR', '', [(r'OverlaySize (\d+)', 'overlay_size', int),
                                          (r'BaseAddr (\w+)', 'overlay_address', hexed)]),
    ('dvsec', 'title', '', [(r'Vendor=(\w+)', 'dvsec_vendor', identified),
                            (r'ID=(\w+)', 'dvsec_id', identified),
                            (r'Rev=(\d+)', 'dvsec_revision', int),
                            (r'Len=(\d+)', 'length', int)]),
    ('dvsec', 'CXLCap', 'Cache=cxl_cache_capable IO=cxl_io_capable Mem=cxl_mem_capable '
     'Init=cxl_mem_hw_init Viral=viral_capable', [(r'HDMCount (\d)', 'hdm_count', int)]),
    ('dvsec', 'CXLCtl', 'Cache=cxl_cache_enable IO=cxl_io_enable Mem=cxl_mem_enable '
     'Viral=viral_enable Clean=cxl_cache_clean_eviction_disable',
     [(r'SF Cov (\d+)', 'cxl_cache_snoop_filter_coverage', int),
      (r'SF Gran (\d+)', 'cxl_cache_snoop_filter_granularity', int)]),
    ('dvsec', 'CXLSta', 'Viral=viral_status', []),
    ('dvsec', 'CXLSta2', 'ResetComplete=cxl_reset_complete ResetError=cxl_reset_error '
     'PMComplete=cxl_pm_complete', []),
    ('dvsec', r'Range(\d)', 'Valid=range{0}_valid Active=range{0}_active',
     [(r': ([0-9a-f]+)-', 'range{0}_base', hexed)]),
    ('dvsec', 'Cache Size.*', '', []),
    ('vpd', 'Not readable', '', []),
    ('doe', 'DOECap', 'IntSup=interrupt_supported',
     [(r'(?:Message Number|IntMsgNum) (\w+)', 'interrupt_message_number',
       lambda t: int(t, 16))]),
    ('doe', 'DOECtl', 'IntEn=interrupt_enable', []),
    ('doe', 'DOESta', 'Busy=busy IntSta=interrupt_status Error=error ObjectReady=object_ready',
     []),
    ('dev3', 'DevCap3', '', [
        (r'DMWr Request Routing([+-])', 'dmwr_routing_supported', lambda t: t == '+'),
        (r'14-Bit Tag Completer([+-])', 'tag_14bit_completer', lambda t: t == '+'),
        (r'14-Bit Tag Requester([+-])', 'tag_14bit_requester', lambda t: t == '+'),
        (r'L0p([+-])', 'l0p_supported', lambda t: t == '+'),
        (r'RdWr Completer([+-])', 'uio_completer', lambda t: t == '+'),
        (r'RdWr Requester([+-])', 'uio_requester', lambda t: t == '+'),
        (r'Port L0p Exit Latency: ([^,]+),', 'port_l0p_exit_latency',
         lambda t: t.replace('Less than ', '<').replace('More than ', '>')),
        (r'Retimer L0p Exit Latency: (Less than \d+us|More than \d+us)',
         'retimer_l0p_exit_latency',
         lambda t: t.replace('Less than ', '<').replace('More than ', '>'))]),
    ('dev3', 'DevCtl3', '', [
        (r'DMWr Requester([+-])', 'dmwr_requester_enable', lambda t: t == '+'),
        (r'Egress Blocking([+-])', 'dmwr_egress_blocking', lambda t: t == '+'),
        (r'14-Bit Tag Requester([+-])', 'tag_14bit_requester_enable', lambda t: t == '+'),
        (r'L0p([+-])', 'l0p_enable', lambda t: t == '+'),
        (r'Target Link Width: (\w+)', 'target_link_width', same),
        (r'RdWr Requester([+-])', 'uio_requester_enable', lambda t: t == '+'),
        (r'256B Boundary([+-])', 'uio_256b_boundary_disable', lambda t: t == '-')]),
    ('dev3', 'DevSta3', '', [
        (r'Initial Link Width: (\w+)', 'initial_link_width', same),
        (r'Segment Captured([+-])', 'segment_captured', lambda t: t == '+'),
        (r'Remote L0p([+-])', 'remote_l0p_supported', lambda t: t == '+')]),
    ('ide', 'IDECap', 'FlowThru=flow_through_supported '
     'PartHdr=partial_header_encryption_supported Aggr=aggregation_supported '
     'PCPC=pcrc_supported IDE_KM=key_management_supported '
     'SelCfg=selective_for_configuration_supported TeeLim=tee_limited_supported '
     'XT=xt_mode_supported',
     [(r"Alg='([^']+)'", 'algorithm', ALGORITHM), (r'Sel=(\d+)', 'selective_streams', int),
      (r'TCs=(\d+)', 'link_traffic_classes', int)]),
    ('ide', 'IDECtl', 'FTEn=flow_through_enable', []),
    ('ide', r'SelectiveIDE#(\d+) Ctl', 'En=selective{0}_enable PCRC=selective{0}_pcrc_enable '
     'CFG=selective{0}_configuration_enable TeeLim=selective{0}_tee_limited',
     [(r"Alg='([^']+)'", 'selective{0}_algorithm', ALGORITHM),
      (r' NPR(-)', 'selective{0}_npr_aggregation', lambda _: 0),
      (r' PR(-)', 'selective{0}_pr_aggregation', lambda _: 0),
      (r' CPL(-)', 'selective{0}_cpl_aggregation', lambda _: 0),
      (r'TC(\d)', 'selective{0}_traffic_class', int), (r' ID(\d+)', 'selective{0}_id', int)]),
    ('ide', r'SelectiveIDE#(\d+) Cap', '', []),
    ('ide', r'SelectiveIDE#(\d+) Sta', 'RecvChkFail=selective{0}_check_failed',
     [(r'Sta: (\w+)', 'selective{0}_state', named({'secure': 'secure',
                                                    'insecure': 'insecure'}))]),
    ('ide', r'SelectiveIDE#(\d+) RID', 'Valid=selective{0}_rid_valid',
     [(r'Base=(\w+)', 'selective{0}_rid_base', hexed),
      (r'Limit=(\w+)', 'selective{0}_rid_limit', hexed),
      (r'SegBase=(\w+)', 'selective{0}_segment_base', hexed)]),
    ('ide', r'SelectiveIDE#(\d+) RID#(\d+)', 'Valid=selective{0}_range{1}_valid',
     [(r'Base=(\w+)', 'selective{0}_range{1}_base', hexed),
      (r'Limit=(\w+)', 'selective{0}_range{1}_limit', hexed)]),
]
