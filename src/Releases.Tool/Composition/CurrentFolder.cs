namespace Releases.Tool;

/// <summary>Finds the current folder of the process.</summary>
internal static class CurrentFolder
{
    /// <summary>Returns its path, or null if it was deleted or can't be accessed.</summary>
    public static string? Find()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
