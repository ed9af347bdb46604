namespace Releases.Local;

/// <summary>Creates files that only their user can open.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, which is created with mode 0600 if it is missing.</summary>
    public static FileStream OpenOrCreate(string file) => Open(file, System.IO.FileMode.OpenOrCreate);

    /// <summary>Creates a new file with mode 0600.</summary>
    public static FileStream CreateNew(string file) => Open(file, System.IO.FileMode.CreateNew);

    private static FileStream Open(string file, System.IO.FileMode how)
    {
        var options = new FileStreamOptions { Mode = how, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
        return new(file, options);
    }
}
