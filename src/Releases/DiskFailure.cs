namespace Releases;

/// <summary>Tells the failures of a disk apart, which the runtime reports as one exception with the system's number.</summary>
public static class DiskFailure
{
    private const int NoSpaceOnUnix = 28;
    private const int QuotaExceededOnLinux = 122;
    private const int QuotaExceededOnMac = 69;
    private const int ReadOnlyOnUnix = 30;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>Determines whether the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(Exception failure) => failure switch
    {
        IOException { HResult: DiskFullOnWindows } => true,
        IOException { HResult: NoSpaceOnUnix } => !OperatingSystem.IsWindows(),
        IOException { HResult: QuotaExceededOnLinux } when OperatingSystem.IsLinux() => true,
        IOException { HResult: QuotaExceededOnMac } => OperatingSystem.IsMacOS(),
        _ => false,
    };

    /// <summary>Determines whether the file system is mounted for reading only.</summary>
    public static bool IsReadOnly(Exception failure) => failure is IOException { HResult: ReadOnlyOnUnix } && !OperatingSystem.IsWindows();
}
